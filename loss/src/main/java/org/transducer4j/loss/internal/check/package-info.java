/** Checks that the public classes share. */
@NullMarked
package org.transducer4j.loss.internal.check;

import org.jspecify.annotations.NullMarked;
