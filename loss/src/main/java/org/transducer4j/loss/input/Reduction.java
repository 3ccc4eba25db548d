package org.transducer4j.loss.input;

/** How the losses of a batch become the number whose gradient is written. */
public enum Reduction {
    /** A loss an utterance; the gradient is that of each with respect to its own logits, as for {@link #SUM}. */
    NONE,
    /** The sum over utterances. */
    SUM,
    /** The sum divided by the number of utterances in the batch. */
    MEAN
}
