package org.transducer4j.loss.kernel;

import org.transducer4j.loss.lattice.EdgePosteriors;

/**
 * One utterance in flight whose joiner is simple. Its edges are log-probabilities after {@link #forward} and posteriors
 * after {@link #solve}.
 */
public interface SimpleSample extends EdgePosteriors, AutoCloseable {
    /** Computes the log-probabilities of blank and next label at all nodes. */
    void forward();

    /**
     * Runs alpha and beta.
     *
     * @return -log P, natural log; infinite or NaN if the inputs are
     */
    double solve();

    /** Writes the gradients of am and lm to where the utterance says. */
    void backward();

    /** Frees the scratch memory. */
    @Override
    void close();
}
