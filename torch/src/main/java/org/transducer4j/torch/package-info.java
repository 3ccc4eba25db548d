/**
 * The loss on libtorch tensors: zero-copy views in, autograd out; and the layers of a streaming transducer.
 *
 * <p>{@code TransducerHead} in package {@code loss} turns encoder and predictor outputs into a scalar loss tensor.
 * Tensors are native memory: whoever creates them in a loop opens a {@code PointerScope} a step.
 *
 * <p>Letters: B utterances, T frames, U labels, V symbols with blank, H joint width.
 */
@NullMarked
package org.transducer4j.torch;

import org.jspecify.annotations.NullMarked;
