/** Operations in plain Java, for JVMs without the Vector API. */
@NullMarked
package org.transducer4j.loss.internal.scalar;

import org.jspecify.annotations.NullMarked;
