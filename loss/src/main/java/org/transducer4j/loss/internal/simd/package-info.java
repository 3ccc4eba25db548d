/** Operations in the Vector API, one a class. Nothing outside loads these classes before the module is known to be there. */
@NullMarked
package org.transducer4j.loss.internal.simd;

import org.jspecify.annotations.NullMarked;
