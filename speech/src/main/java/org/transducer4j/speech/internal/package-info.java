/** Checks that the public classes share. */
@NullMarked
package org.transducer4j.speech.internal;

import org.jspecify.annotations.NullMarked;
