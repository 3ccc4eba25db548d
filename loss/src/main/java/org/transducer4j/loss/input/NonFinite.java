package org.transducer4j.loss.input;

/** What happens when the loss of an utterance is not a finite number. */
public enum NonFinite {
    /** {@link NonFiniteLossException}, which names the utterance. */
    FAIL,
    /** The utterance's gradients are zero, it counts in no sum, and {@link LossResult#skipped()} lists it. So is one without any path. */
    SKIP
}
