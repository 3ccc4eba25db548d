package org.transducer4j.loss.kernel;

/** One utterance in flight. */
public interface Sample extends AutoCloseable {
    /**
     * Runs alpha and beta over the lattice once the log-probabilities of all nodes are known, and leaves the edge
     * posteriors in their place.
     *
     * @return -log P, natural log; infinite or NaN if the inputs are
     */
    double solve();

    /** Ends the utterance and frees its scratch memory. */
    @Override
    void close();
}
