package org.transducer4j.loss.internal.reference;

import org.transducer4j.loss.lattice.Band;

/**
 * The lattice of one utterance (Graves 2012, arXiv 1211.3711). With lb(t,u) and ly(t,u) the log-probabilities of blank
 * and of label u+1 at node (t,u):
 *
 * <pre>
 * alpha(0,0) = 0           alpha(t,u) = logadd(alpha(t-1,u) + lb(t-1,u), alpha(t,u-1) + ly(t,u-1))
 * beta(T-1,U) = lb(T-1,U)  beta(t,u)  = logadd(beta(t+1,u) + lb(t,u),    beta(t,u+1) + ly(t,u))
 * log P = alpha(T-1,U) + lb(T-1,U)
 * eb(t,u) = exp(alpha(t,u) + lb(t,u) + beta(t+1,u) - log P)      posterior of the blank edge
 * el(t,u) = exp(alpha(t,u) + ly(t,u) + beta(t,u+1) - log P)      posterior of the label edge
 * </pre>
 */
final class ReferenceLattice {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    final Band band;
    final int[] labels;
    final int blank;
    final double[] lb;
    final double[] ly;
    final double[] lse;
    final double[] eb;
    final double[] el;

    ReferenceLattice(Band band, int[] labels, int blank) {
        this.band = band;
        this.labels = labels;
        this.blank = blank;
        int nodes = Math.toIntExact(band.nodes());
        lb = new double[nodes];
        ly = new double[nodes];
        lse = new double[nodes];
        eb = new double[nodes];
        el = new double[nodes];
    }

    static long bytes(Band band) {
        return band.nodes() * 5 * Double.BYTES;
    }

    int node(int t, int u) {
        return (int) (band.row(t) + u - band.begin(t));
    }

    /** Takes the scores z(0..V-1) of a node into the lattice. */
    void score(int node, int u, double[] z, boolean logProbabilities) {
        lse[node] = logProbabilities ? 0 : logSumExp(z);
        lb[node] = z[blank] - lse[node];
        ly[node] = u < band.labels() ? z[labels[u]] - lse[node] : NEVER;
    }

    /** Turns the scores of a node into d(-log P)/dz. */
    void differentiate(int node, int u, double[] z, boolean logProbabilities) {
        double occupancy = eb[node] + el[node];
        for (int k = 0; k < z.length; k++) {
            z[k] = logProbabilities ? 0 : occupancy * Math.exp(z[k] - lse[node]);
        }
        z[blank] -= eb[node];
        if (u < band.labels()) {
            z[labels[u]] -= el[node];
        }
    }

    double solve() {
        int frames = band.frames();
        int end = band.labels();
        double[][] alpha = new double[frames][end + 1];
        double[][] beta = new double[frames + 1][end + 2];
        for (int t = 0; t < frames; t++) {
            for (int u = 0; u <= end; u++) {
                double stay = t == 0 ? NEVER : alpha[t - 1][u] + lb[node(t - 1, u)];
                double emit = u == 0 ? NEVER : alpha[t][u - 1] + ly[node(t, u - 1)];
                alpha[t][u] = t == 0 && u == 0 ? 0 : logAdd(stay, emit);
            }
        }
        for (int u = 0; u <= end + 1; u++) {
            beta[frames][u] = u == end ? 0 : NEVER;
        }
        for (int t = frames - 1; t >= 0; t--) {
            beta[t][end + 1] = NEVER;
            for (int u = end; u >= 0; u--) {
                beta[t][u] = logAdd(beta[t + 1][u] + lb[node(t, u)], beta[t][u + 1] + ly[node(t, u)]);
            }
        }
        double logP = alpha[frames - 1][end] + lb[node(frames - 1, end)];
        for (int t = 0; t < frames; t++) {
            for (int u = 0; u <= end; u++) {
                int n = node(t, u);
                eb[n] = Math.exp(alpha[t][u] + lb[n] + beta[t + 1][u] - logP);
                el[n] = Math.exp(alpha[t][u] + ly[n] + beta[t][u + 1] - logP);
            }
        }
        return -logP;
    }

    private static double logSumExp(double[] z) {
        double max = NEVER;
        for (double x : z) {
            max = Math.max(max, x);
        }
        double sum = 0;
        for (double x : z) {
            sum += Math.exp(x - max);
        }
        return max + Math.log(sum);
    }

    private static double logAdd(double a, double b) {
        double max = Math.max(a, b);
        return max == NEVER ? NEVER : max + Math.log1p(Math.exp(Math.min(a, b) - max));
    }
}
