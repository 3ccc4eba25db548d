/** Being built. */
@NullMarked
package org.transducer4j.cli;

import org.jspecify.annotations.NullMarked;
