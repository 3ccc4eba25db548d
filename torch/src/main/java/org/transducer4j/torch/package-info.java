/** Being built. */
@NullMarked
package org.transducer4j.torch;

import org.jspecify.annotations.NullMarked;
