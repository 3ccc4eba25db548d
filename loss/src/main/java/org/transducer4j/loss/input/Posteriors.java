package org.transducer4j.loss.input;

import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.EdgePosteriors;

/**
 * How probable each edge of a lattice is, given the labels: the share of the paths' probability that goes through it.
 *
 * @param band the nodes; all else is 0
 * @param blanks of the edges from (t,u) to (t+1,u), by node; not copied
 * @param labels of the edges that emit label u+1, by node; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Posteriors(Band band, float[] blanks, float[] labels) implements EdgePosteriors {
    @Override
    public double blank(int t, int u) {
        return at(blanks, t, u);
    }

    @Override
    public double label(int t, int u) {
        return at(labels, t, u);
    }

    /**
     * Posterior of a node. Over the nodes of an anti-diagonal t + u they sum to 1 in the regular topology.
     *
     * @param t frame
     * @param u label position, 0 to U
     * @return 0 to 1
     */
    public double occupancy(int t, int u) {
        return blank(t, u) + label(t, u);
    }

    private double at(float[] values, int t, int u) {
        return band.contains(t, u) ? values[(int) band.node(t, u)] : 0;
    }
}
