package org.transducer4j.loss;

import java.util.List;

/**
 * The exact transducer loss of a joint network, sample by sample, with gradients to encoder output, predictor output,
 * output weight and bias.
 *
 * <p>Not thread-safe: one object serves one caller at a time, with {@link LossOptions#threads()} threads inside.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class TransducerLoss implements AutoCloseable {
    private TransducerLoss() {}

    /**
     * Opens the loss.
     *
     * @param options how to compute
     * @return the loss, to be closed
     * @throws IllegalArgumentException if a provider asked for by name doesn't exist or can't run here
     */
    public static TransducerLoss open(LossOptions options) {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * Losses of a batch, and the gradients of their sum written to where the parameters say.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return the losses
     * @throws IllegalArgumentException if shapes or labels don't fit
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {}
}
