package org.transducer4j.loss.input;

/**
 * How the losses of a batch become the number whose gradient is written. It means the same for every loss; where nothing is said it is
 * {@link #MEAN}, as in torchaudio.
 *
 * <p>An utterance counts unless its loss isn't finite and {@link NonFinite#SKIP} skips it.
 */
public enum Reduction {
    /** A loss an utterance; the gradient is that of each with respect to its own inputs, as for {@link #SUM}. */
    NONE,
    /** The sum over the utterances that count. */
    SUM,
    /** The sum divided by the number of utterances that count; 0 where none does. */
    MEAN;

    /**
     * What the gradient of the sum is multiplied with.
     *
     * @param counted number of utterances that count
     * @return 1, or for MEAN 1 / counted
     */
    public double factor(int counted) {
        return this == MEAN && counted > 0 ? 1.0 / counted : 1;
    }
}
