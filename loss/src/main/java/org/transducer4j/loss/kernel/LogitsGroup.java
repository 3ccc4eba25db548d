package org.transducer4j.loss.kernel;

import java.util.List;
import org.transducer4j.loss.input.LogitsRows;

/** Utterances in flight whose logits, or log-probabilities, are given. */
public interface LogitsGroup extends AutoCloseable {
    /**
     * Takes the log-probabilities of all nodes into the lattices, runs alpha and beta and leaves the edge posteriors in their place.
     *
     * @return -log P of each utterance, natural log; infinite or NaN if its inputs are
     */
    double[] solve();

    /**
     * Writes the gradients of all nodes, and zero wherever else the gradients lie: outside the bands, in padding, and everywhere of utterances
     * that have none.
     *
     * @param gradients where, for each utterance; may be the logits themselves
     * @param take which utterances have one
     * @param scale factor on the gradient, after the clamp
     * @param clamp limit on each element of the gradient, 0 for none
     */
    void backward(List<LogitsRows> gradients, boolean[] take, float scale, float clamp);

    /** Frees the scratch memory. */
    @Override
    void close();
}
