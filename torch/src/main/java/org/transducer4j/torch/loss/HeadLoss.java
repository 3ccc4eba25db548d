package org.transducer4j.torch.loss;

import org.bytedeco.pytorch.Tensor;
import org.transducer4j.loss.input.LossResult;

/**
 * The loss of a batch.
 *
 * @param value a scalar; {@code backward()} through it gives the exact gradients
 * @param result losses of the utterances, those skipped, memory
 */
public record HeadLoss(Tensor value, LossResult result) {}
