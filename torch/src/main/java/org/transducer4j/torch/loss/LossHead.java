package org.transducer4j.torch.loss;

import org.transducer4j.loss.input.Reduction;

/** Joint network and loss behind encoder and predictor. */
public interface LossHead extends AutoCloseable {
    /**
     * The loss of a batch. Gradients are computed only for tensors that require them, and only while autograd is on.
     *
     * @param input the batch
     * @param reduction SUM, or MEAN over the utterances that count; 0 where none does
     * @return the scalar and the losses of the utterances
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.input.NonFiniteLossException if a loss isn't finite and the options say FAIL
     */
    HeadLoss loss(HeadInput input, Reduction reduction);

    /**
     * The mean loss of a batch, see {@link #loss(HeadInput, Reduction)}.
     *
     * @param input the batch
     * @return the scalar and the losses of the utterances
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.input.NonFiniteLossException if a loss isn't finite and the options say FAIL
     */
    default HeadLoss loss(HeadInput input) {
        return loss(input, Reduction.MEAN);
    }

    @Override
    void close();
}
