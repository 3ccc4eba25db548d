package org.transducer4j.torch;

import org.bytedeco.pytorch.Tensor;
import org.transducer4j.loss.LossResult;

/**
 * The loss of a batch.
 *
 * @param value a scalar; {@code backward()} through it gives the exact gradients
 * @param result losses of the utterances, those skipped, memory
 */
public record HeadLoss(Tensor value, LossResult result) {}
