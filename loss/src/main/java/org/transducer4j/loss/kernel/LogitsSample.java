package org.transducer4j.loss.kernel;

import org.transducer4j.loss.input.LogitsRows;

/** One utterance of the CTC loss. */
public interface LogitsSample extends AutoCloseable {
    /** Takes the log-probabilities of all frames into the lattice. */
    void forward();

    /**
     * Runs alpha and beta and leaves the edge posteriors in the place of the log-probabilities.
     *
     * @return -log P, natural log; infinite or NaN if the inputs are
     */
    double solve();

    /**
     * Writes the gradients of all frames.
     *
     * @param gradient where; may be the logits themselves
     * @param scale factor on the gradient, after the clamp
     * @param clamp limit on each element of the gradient, 0 for none
     */
    void backward(LogitsRows gradient, float scale, float clamp);

    /** Frees the scratch memory. */
    @Override
    void close();
}
