package org.transducer4j.loss.lattice;

import org.transducer4j.loss.internal.check.Require;

/**
 * What a lattice's edges weigh. Start from {@link #regular} and change what differs.
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
     * @throws NullPointerException if the topology is null
     */
    public LatticeOptions {
        Require.given(topology, "topology");
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
     * Another blank.
     *
     * @param index of the blank symbol
     * @return the changed options
     */
    public LatticeOptions withBlank(int index) {
        return new LatticeOptions(index, topology, fastEmit, delayPenalty, hat, renormalise);
    }

    /**
     * Another topology.
     *
     * @param where edges lead
     * @return the changed options
     */
    public LatticeOptions withTopology(Topology where) {
        return new LatticeOptions(blank, where, fastEmit, delayPenalty, hat, renormalise);
    }

    /**
     * FastEmit.
     *
     * @param lambda how much more gradients of labels count; 0 for none
     * @return the changed options
     */
    public LatticeOptions withFastEmit(double lambda) {
        return new LatticeOptions(blank, topology, lambda, delayPenalty, hat, renormalise);
    }

    /**
     * A delay penalty.
     *
     * @param lambda of it; 0 for none
     * @return the changed options
     */
    public LatticeOptions withDelayPenalty(double lambda) {
        return new LatticeOptions(blank, topology, fastEmit, lambda, hat, renormalise);
    }

    /**
     * HAT or one softmax over all symbols.
     *
     * @param own whether blank has a distribution of its own
     * @return the changed options
     */
    public LatticeOptions withHat(boolean own) {
        return new LatticeOptions(blank, topology, fastEmit, delayPenalty, own, renormalise);
    }

    /**
     * Scaled posteriors or those of the bare recursion.
     *
     * @param scale whether posteriors are made to sum to 1
     * @return the changed options
     */
    public LatticeOptions withRenormalise(boolean scale) {
        return new LatticeOptions(blank, topology, fastEmit, delayPenalty, hat, scale);
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
