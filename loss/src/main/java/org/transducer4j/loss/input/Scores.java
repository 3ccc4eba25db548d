package org.transducer4j.loss.input;

/** What the numbers of a {@link LogitsBatch} are. Nothing guesses it. */
public enum Scores {
    /** Unnormalised: the loss applies log-softmax, and the gradient is with respect to the logits. */
    LOGITS,
    /**
     * Log-probabilities, already normalised over V: the loss takes them as they are, and the gradient is with respect
     * to them. That is zero but for blank and the next label.
     */
    LOG_PROBABILITIES
}
