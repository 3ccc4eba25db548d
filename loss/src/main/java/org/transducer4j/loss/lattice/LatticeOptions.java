package org.transducer4j.loss.lattice;

import java.util.Objects;

/**
 * What a lattice's edges weigh.
 *
 * @param blank index of the blank symbol
 * @param topology where edges lead
 * @param fastEmit lambda of FastEmit (Yu et al. 2020, arXiv 2010.11148): gradients of label log-probabilities count 1 +
 *     lambda times; the loss stays as it is; 0 for none
 * @param delayPenalty lambda of k2's delay penalty (Kang et al. 2022, arXiv 2211.00490): lambda ((T-1)/2 - t) is added
 *     to the log-probability of a label at frame t; 0 for none
 * @param hat whether blank has a Bernoulli distribution of its own (HAT; Variani et al. 2020, arXiv 2003.07705):
 *     P(blank) = sigmoid(z_blank), and P(k) = (1 - P(blank)) softmax(z)_k over the labels
 * @param renormalise whether edge posteriors are scaled to sum to 1 over each set of edges that every path crosses
 *     once: an anti-diagonal t+u, or a frame where labels take one
 */
public record LatticeOptions(
        int blank, Topology topology, double fastEmit, double delayPenalty, boolean hat, boolean renormalise) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public LatticeOptions {
        Objects.requireNonNull(topology);
        require(blank >= 0, "blank must be an index >= 0, not " + blank);
        require(fastEmit >= 0 && Double.isFinite(fastEmit), "fastEmit must be >= 0 and finite, not " + fastEmit);
        require(Double.isFinite(delayPenalty), "delayPenalty must be finite, not " + delayPenalty);
    }

    /**
     * The transducer of the books: regular topology, nothing added.
     *
     * @param blank index of blank
     * @return the options
     */
    public static LatticeOptions regular(int blank) {
        return new LatticeOptions(blank, Topology.REGULAR, 0, 0, false, true);
    }

    /**
     * What the delay penalty adds to the log-probability of a label.
     *
     * @param t frame
     * @param frames T
     * @return natural log
     */
    public double labelBonus(int t, int frames) {
        return delayPenalty * ((frames - 1) / 2.0 - t);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
