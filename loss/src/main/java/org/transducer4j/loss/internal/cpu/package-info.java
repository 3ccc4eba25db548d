/** What the CPU providers share: threads, scratch accounting, and the float32 kernels over the operations of a provider. */
@NullMarked
package org.transducer4j.loss.internal.cpu;

import org.jspecify.annotations.NullMarked;
