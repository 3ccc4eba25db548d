/**
 * What a kernel provider offers: the loss of one utterance at a time, cut into tiles of lattice rows by a schedule. To add one is to write a
 * {@link org.transducer4j.loss.kernel.KernelProvider} and to register it ({@link org.transducer4j.loss.kernel.KernelProviders}).
 *
 * <p>Kernels trust their callers: whatever can be wrong was checked in {@code org.transducer4j.loss}.
 */
@NullMarked
package org.transducer4j.loss.kernel;

import org.jspecify.annotations.NullMarked;
