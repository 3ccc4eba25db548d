package org.transducer4j.loss.internal.cpu;

import org.transducer4j.loss.lattice.Band;

/**
 * The lattice of one utterance with float32 log-probabilities and a recursion in double. Beta needs one row only: it
 * runs backward, and the edge posteriors take the place of the log-probabilities behind it. 24 bytes a node.
 */
final class FloatLattice implements AutoCloseable {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    final Band band;
    final int[] labels;
    final int blank;

    /** log P(blank), then the posterior of the blank edge. */
    final float[] blankEdge;

    /** log P(next label), then the posterior of the label edge. */
    final float[] labelEdge;

    /** log-sum-exp of the logits; in double, as logits may lie far from zero. */
    final double[] lse;

    private final double[] alpha;
    private final ScratchMeter meter;

    FloatLattice(Band band, int[] labels, int blank, ScratchMeter meter) {
        this.band = band;
        this.labels = labels;
        this.blank = blank;
        this.meter = meter;
        meter.take(bytes());
        int nodes = Math.toIntExact(band.nodes());
        blankEdge = new float[nodes];
        labelEdge = new float[nodes];
        lse = new double[nodes];
        alpha = new double[nodes];
    }

    private long bytes() {
        return band.nodes() * (2 * (Float.BYTES + Double.BYTES));
    }

    /** Label position of a node in frame t. */
    int position(int node, int t) {
        return (int) (node - band.row(t)) + band.begin(t);
    }

    /** Takes the scores of a node into the lattice; logSumExp is 0 for log-probabilities. */
    void score(int node, int u, float[] z, int zo, double logSumExp) {
        lse[node] = logSumExp;
        blankEdge[node] = (float) (z[zo + blank] - logSumExp);
        labelEdge[node] = u < labels.length ? (float) (z[zo + labels[u]] - logSumExp) : Float.NEGATIVE_INFINITY;
    }

    /** Turns softmax times occupancy into the gradient: takes the edge posteriors off. */
    void subtractEdges(int node, int u, float[] z, int zo) {
        z[zo + blank] -= blankEdge[node];
        if (u < labels.length) {
            z[zo + labels[u]] -= labelEdge[node];
        }
    }

    /** z = softmax(z) times the node's occupancy. What rounding lse to a float takes off goes into the factor. */
    void softmax(int node, float[] z, int zo, int n, Operations operations) {
        float rounded = (float) lse[node];
        float occupancy = blankEdge[node] + labelEdge[node];
        operations.softmaxGradient(z, zo, n, rounded, occupancy * (float) Math.exp(rounded - lse[node]));
    }

    double solve() {
        int frames = band.frames();
        int width = labels.length + 1;
        for (int t = 0; t < frames; t++) {
            int row = (int) band.row(t);
            for (int u = 0; u < width; u++) {
                int n = row + u;
                double stay = t == 0 ? NEVER : alpha[n - width] + blankEdge[n - width];
                double emit = u == 0 ? NEVER : alpha[n - 1] + labelEdge[n - 1];
                alpha[n] = n == 0 ? 0 : logAdd(stay, emit);
            }
        }
        int last = frames * width - 1;
        double logP = alpha[last] + blankEdge[last];
        if (!Double.isFinite(logP)) {
            return -logP;
        }
        double[] beta = new double[width]; // beta of frame t+1, turning into that of frame t
        for (int u = 0; u < width; u++) {
            beta[u] = u == width - 1 ? 0 : NEVER;
        }
        for (int t = frames - 1; t >= 0; t--) {
            int row = (int) band.row(t);
            double right = NEVER; // beta(t, u+1)
            for (int u = width - 1; u >= 0; u--) {
                int n = row + u;
                double viaBlank = beta[u] + blankEdge[n];
                double viaLabel = right + labelEdge[n];
                right = logAdd(viaBlank, viaLabel);
                beta[u] = right;
                double toHere = alpha[n] - logP;
                blankEdge[n] = (float) Math.exp(toHere + viaBlank);
                labelEdge[n] = (float) Math.exp(toHere + viaLabel);
            }
        }
        return -logP;
    }

    private static double logAdd(double a, double b) {
        double max = Math.max(a, b);
        double difference = Math.min(a, b) - max;
        // Below -40 the smaller term doesn't reach the last bit of the larger; also where both are -infinity.
        return difference > -40 ? max + Math.log(1 + Math.exp(difference)) : max;
    }

    @Override
    public void close() {
        meter.give(bytes());
    }
}
