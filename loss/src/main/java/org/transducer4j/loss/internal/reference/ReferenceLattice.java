package org.transducer4j.loss.internal.reference;

import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;

/**
 * The lattice of one utterance. At node (t,u), lb is the log-probability of blank and ly that of label u+1; w is what a
 * label edge weighs and s whether it takes a frame:
 *
 * <pre>
 * regular      s = 0  w(t,u) = ly(t,u)
 * modified     s = 1  w(t,u) = ly(t,u)
 * constrained  s = 1  w(t,u) = ly(t,u) + lb(t,u+1)
 *
 * alpha(0,0) = 0   alpha(t,u) = logadd(alpha(t-1,u) + lb(t-1,u), alpha(t-s,u-1) + w(t-s,u-1))
 * beta(T,U)  = 0   beta(t,u)  = logadd(beta(t+1,u) + lb(t,u),    beta(t+s,u+1) + w(t,u))
 * log P = alpha(T,U)
 * eb(t,u) = exp(alpha(t,u) + lb(t,u) + beta(t+1,u) - log P)      posterior of the blank edge
 * el(t,u) = exp(alpha(t,u) + w(t,u) + beta(t+s,u+1) - log P)     posterior of the label edge
 * </pre>
 *
 * Nodes outside the band have alpha = beta = -infinity. (Graves 2012, arXiv 1211.3711; topologies as in k2.)
 */
final class ReferenceLattice {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    final Band band;
    final int[] labels;
    final LatticeOptions options;
    final double[] lb;
    final double[] ly;
    final double[] lse;
    final double[] eb;
    final double[] el;
    private final int frames;
    private final int last; // U

    ReferenceLattice(Band band, int[] labels, LatticeOptions options) {
        this.band = band;
        this.labels = labels;
        this.options = options;
        frames = band.frames();
        last = band.labels();
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

    /** Takes the scores z(0..V-1) of a node into the lattice. */
    void score(int t, int u, double[] z, boolean logProbabilities) {
        int n = (int) band.node(t, u);
        if (options.hat()) {
            lse[n] = logSumExp(z, options.blank());
            lb[n] = -softplus(-z[options.blank()]);
            ly[n] = u < last ? -softplus(z[options.blank()]) + z[labels[u]] - lse[n] : NEVER;
        } else {
            lse[n] = logProbabilities ? 0 : logSumExp(z, -1);
            lb[n] = z[options.blank()] - lse[n];
            ly[n] = u < last ? z[labels[u]] - lse[n] : NEVER;
        }
        ly[n] += options.labelBonus(t, frames);
    }

    /** Takes the log-probabilities of blank and next label at a node as they are. */
    void weigh(int t, int u, double blank, double label) {
        int n = (int) band.node(t, u);
        lb[n] = blank;
        ly[n] = u < last ? label + options.labelBonus(t, frames) : NEVER;
    }

    /** Turns the scores of a node into the gradient of -log P with respect to them. */
    void differentiate(int t, int u, double[] z, boolean logProbabilities) {
        int n = (int) band.node(t, u);
        int blank = options.blank();
        if (options.hat()) {
            double sigmoid = Math.exp(-softplus(-z[blank]));
            for (int k = 0; k < z.length; k++) {
                z[k] = k == blank ? (eb[n] + el[n]) * sigmoid - eb[n] : el[n] * Math.exp(z[k] - lse[n]);
            }
        } else {
            for (int k = 0; k < z.length; k++) {
                z[k] = logProbabilities ? 0 : (eb[n] + el[n]) * Math.exp(z[k] - lse[n]);
            }
            z[blank] -= eb[n];
        }
        if (u < last) {
            z[labels[u]] -= el[n];
        }
    }

    double occupancy(int t, int u) {
        int n = (int) band.node(t, u);
        return eb[n] + el[n];
    }

    Posteriors posteriors() {
        return new Posteriors(band, floats(eb), floats(el));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    double solve() {
        int s = options.topology().labelTakesFrame() ? 1 : 0;
        double[][] alpha = never();
        double[][] beta = never();
        alpha[0][0] = 0;
        for (int t = 0; t < frames; t++) {
            for (int u = band.begin(t); u < band.end(t); u++) {
                // Where edges lead out of the band, nobody reads what they leave there.
                alpha[t + 1][u] = logAdd(alpha[t + 1][u], alpha[t][u] + lb(t, u));
                alpha[t + s][u + 1] = logAdd(alpha[t + s][u + 1], alpha[t][u] + labelEdge(t, u));
            }
        }
        beta[frames][last] = 0;
        for (int t = frames - 1; t >= 0; t--) {
            for (int u = band.end(t) - 1; u >= band.begin(t); u--) {
                beta[t][u] = logAdd(lb(t, u) + beta[t + 1][u], labelEdge(t, u) + beta[t + s][u + 1]);
            }
        }
        double logP = alpha[frames][last];
        for (int t = 0; t < frames; t++) {
            for (int u = band.begin(t); u < band.end(t); u++) {
                int n = (int) band.node(t, u);
                eb[n] = Math.exp(alpha[t][u] + lb(t, u) + beta[t + 1][u] - logP);
                el[n] = Math.exp(alpha[t][u] + labelEdge(t, u) + beta[t + s][u + 1] - logP);
            }
        }
        if (options.topology() == Topology.CONSTRAINED) {
            addForcedBlanks();
        }
        for (int n = 0; n < el.length; n++) {
            el[n] *= 1 + options.fastEmit();
        }
        return -logP;
    }

    BestPath bestPath() {
        BestPath.Edges edges = new BestPath.Edges() {
            @Override
            public double blank(int t, int u) {
                return lb(t, u);
            }

            @Override
            public double label(int t, int u) {
                return labelEdge(t, u);
            }
        };
        return BestPath.find(band, options.topology(), edges, eb, 0); // the posteriors' place, as there are none
    }

    /** A label edge of the constrained topology uses the blank of the next position, too. */
    private void addForcedBlanks() {
        for (int t = 0; t < frames; t++) {
            for (int u = band.begin(t); u + 1 < band.end(t); u++) {
                eb[(int) band.node(t, u + 1)] += el[(int) band.node(t, u)];
            }
        }
    }

    private double lb(int t, int u) {
        return lb[(int) band.node(t, u)];
    }

    private double labelEdge(int t, int u) {
        double ly = this.ly[(int) band.node(t, u)];
        if (options.topology() != Topology.CONSTRAINED) {
            return ly;
        }
        return band.contains(t, u + 1) ? ly + lb(t, u + 1) : NEVER;
    }

    private double[][] never() {
        double[][] grid = new double[frames + 1][last + 2];
        for (double[] row : grid) {
            java.util.Arrays.fill(row, NEVER);
        }
        return grid;
    }

    private static double logSumExp(double[] z, int without) {
        double max = NEVER;
        for (int k = 0; k < z.length; k++) {
            max = k == without ? max : Math.max(max, z[k]);
        }
        double sum = 0;
        for (int k = 0; k < z.length; k++) {
            sum += k == without ? 0 : Math.exp(z[k] - max);
        }
        return max + Math.log(sum);
    }

    /** log(1 + exp(x)), for x of any size. */
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double logAdd(double a, double b) {
        double max = Math.max(a, b);
        return max == NEVER ? NEVER : max + Math.log1p(Math.exp(Math.min(a, b) - max));
    }
}
