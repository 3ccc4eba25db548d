package org.transducer4j.loss.internal.cpu;

import java.util.Arrays;
import org.transducer4j.loss.Posteriors;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;

/**
 * The lattice of one utterance with float32 log-probabilities and a recursion in double, over arrays that it shares with
 * others. Beta needs one row only: it runs backward, and the edge posteriors take the place of the log-probabilities
 * behind it.
 */
final class FloatLattice {
    /** What a node takes in a {@link Store}. */
    static final long BYTES_PER_NODE = 3 * Float.BYTES + Double.BYTES;

    private static final double NEVER = Double.NEGATIVE_INFINITY;

    /**
     * Arrays of nodes.
     *
     * @param blankEdge log P(blank), then the posterior of the blank edge
     * @param labelEdge log P(next label), then the posterior of the label edge
     * @param sum sum over V of exp(logit - largest logit) (HAT: over the labels)
     * @param alpha forward scores
     */
    record Store(float[] blankEdge, float[] labelEdge, float[] sum, double[] alpha) {
        Store(int nodes) {
            this(new float[nodes], new float[nodes], new float[nodes], new double[nodes]);
        }
    }

    final Band band;
    final int[] labels;
    private final LatticeOptions options;
    private final int first;
    private final float[] blankEdge;
    private final float[] labelEdge;
    private final float[] sum;
    private final double[] alpha;

    /** The lattice whose node n is at index first + n of the arrays. */
    FloatLattice(Band band, int[] labels, LatticeOptions options, Store store, int first) {
        this.band = band;
        this.labels = labels;
        this.options = options;
        this.first = first;
        blankEdge = store.blankEdge;
        labelEdge = store.labelEdge;
        sum = store.sum;
        alpha = store.alpha;
    }

    /** Index of a node in the arrays. */
    int index(int t, int u) {
        return first + (int) band.row(t) + u - band.begin(t);
    }

    /** Takes the scores of a node into the lattice. Logits z become exp(z - the largest), HAT's blank stays. */
    void score(int t, int u, float[] z, int zo, int n, boolean logProbabilities, Operations operations) {
        int at = index(t, u);
        float blank = z[zo + options.blank()];
        float label = u < labels.length ? z[zo + labels[u]] : Float.NEGATIVE_INFINITY;
        double labelBase = logProbabilities ? 0 : -exponentiate(at, z, zo, n, operations);
        if (options.hat()) {
            blankEdge[at] = (float) -softplus(-blank);
            labelBase -= softplus(blank);
        } else {
            blankEdge[at] = (float) (blank + labelBase);
        }
        labelEdge[at] = (float) (label + labelBase + options.labelBonus(t, band.frames()));
    }

    /** The first part of {@link #score} again, for logits that were made a second time. */
    void exponentiate(int t, int u, float[] z, int zo, int n, Operations operations) {
        exponentiate(index(t, u), z, zo, n, operations);
    }

    /** z = exp(z - the largest). Returns log sum exp z in double, as logits may lie far from zero. */
    private double exponentiate(int at, float[] z, int zo, int n, Operations operations) {
        int blank = zo + options.blank();
        float kept = z[blank];
        if (options.hat()) {
            z[blank] = Float.NEGATIVE_INFINITY; // so that it has no part in the sum over the labels
        }
        float max = operations.max(z, zo, n);
        sum[at] = operations.exp(z, zo, n, max);
        if (options.hat()) {
            z[blank] = kept;
        }
        return max + Math.log(sum[at]);
    }

    /** Turns what {@link #score} left of a node's logits into the gradient of -log P with respect to them. */
    void differentiate(int t, int u, float[] z, int zo, int n, boolean logProbabilities, Operations operations) {
        int at = index(t, u);
        int blank = zo + options.blank();
        if (logProbabilities) {
            java.util.Arrays.fill(z, zo, zo + n, 0);
        } else if (options.hat()) {
            float sigmoid = (float) Math.exp(-softplus(-z[blank]));
            operations.scale(z, zo, n, labelEdge[at] / sum[at]);
            z[blank] = (blankEdge[at] + labelEdge[at]) * sigmoid;
        } else {
            operations.scale(z, zo, n, (blankEdge[at] + labelEdge[at]) / sum[at]);
        }
        z[blank] -= blankEdge[at];
        if (u < labels.length) {
            z[zo + labels[u]] -= labelEdge[at];
        }
    }

    /** The posterior of a node, after {@link #solve}. */
    float occupancy(int t, int u) {
        int at = index(t, u);
        return blankEdge[at] + labelEdge[at];
    }

    /** Copies what {@link #solve} left. */
    Posteriors posteriors() {
        int end = first + Math.toIntExact(band.nodes());
        return new Posteriors(
                band, Arrays.copyOfRange(blankEdge, first, end), Arrays.copyOfRange(labelEdge, first, end));
    }

    double solve() {
        double logP = switch (options.topology()) {
            case REGULAR -> forwardRegular();
            case MODIFIED, CONSTRAINED -> forwardTakingFrames();
        };
        if (!Double.isFinite(logP)) {
            return -logP;
        }
        backward(logP);
        if (options.renormalise()) {
            renormalise();
        }
        if (options.topology() == Topology.CONSTRAINED) {
            addForcedBlanks();
        }
        if (options.fastEmit() != 0) {
            int end = first + (int) band.nodes();
            for (int at = first; at < end; at++) {
                labelEdge[at] *= (float) (1 + options.fastEmit());
            }
        }
        return -logP;
    }

    private double forwardRegular() {
        for (int t = 0; t < band.frames(); t++) {
            int begin = band.begin(t);
            int end = band.end(t);
            int row = index(t, 0);
            int before = t == 0 ? 0 : index(t - 1, 0);
            int beforeBegin = t == 0 ? Integer.MAX_VALUE : band.begin(t - 1);
            int beforeEnd = t == 0 ? 0 : band.end(t - 1);
            double emit = t == 0 && begin == 0 ? 0 : NEVER;
            for (int u = begin; u < end; u++) {
                double stay = u >= beforeBegin && u < beforeEnd ? alpha[before + u] + blankEdge[before + u] : NEVER;
                double sum = logAdd(stay, emit);
                alpha[row + u] = sum;
                emit = sum + labelEdge[row + u];
            }
        }
        int t = band.frames() - 1;
        int last = labels.length;
        return band.contains(t, last) ? alpha[index(t, last)] + blankEdge[index(t, last)] : NEVER;
    }

    private double forwardTakingFrames() {
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t); u < band.end(t); u++) {
                alpha[index(t, u)] = t == 0 ? u == 0 ? 0 : NEVER : arrive(t, u);
            }
        }
        return arrive(band.frames(), labels.length);
    }

    /** Log-sum of what arrives at (t,u) from the frame before. */
    private double arrive(int t, int u) {
        double stay = NEVER;
        double emit = NEVER;
        if (band.contains(t - 1, u)) {
            int at = index(t - 1, u);
            stay = alpha[at] + blankEdge[at];
        }
        if (band.contains(t - 1, u - 1)) {
            int at = index(t - 1, u - 1);
            emit = alpha[at] + labelEdge[at];
            if (options.topology() == Topology.CONSTRAINED) {
                emit += band.contains(t - 1, u) ? blankEdge[at + 1] : NEVER;
            }
        }
        return logAdd(stay, emit);
    }

    private void backward(double logP) {
        Topology topology = options.topology();
        double[] beta = new double[labels.length + 2]; // of frame t+1, turning into that of frame t
        java.util.Arrays.fill(beta, NEVER);
        beta[labels.length] = 0;
        for (int t = band.frames() - 1; t >= 0; t--) {
            int begin = band.begin(t);
            int end = band.end(t);
            int row = index(t, 0);
            double right = NEVER; // beta(t, u+1)
            double rightBlank = NEVER; // lb(t, u+1)
            double nextRight = beta[end]; // beta(t+1, u+1)
            for (int u = end - 1; u >= begin; u--) {
                int at = row + u;
                double blank = blankEdge[at];
                double next = beta[u];
                double viaBlank = next + blank;
                double viaLabel = labelEdge[at]
                        + switch (topology) {
                            case REGULAR -> right;
                            case MODIFIED -> nextRight;
                            case CONSTRAINED -> nextRight + rightBlank;
                        };
                right = logAdd(viaBlank, viaLabel);
                beta[u] = right;
                nextRight = next;
                rightBlank = blank;
                double toHere = alpha[at] - logP;
                blankEdge[at] = (float) Math.exp(toHere + viaBlank);
                labelEdge[at] = (float) Math.exp(toHere + viaLabel);
            }
            // The frame before sees only what exists here.
            int nextEnd = t + 1 < band.frames() ? band.end(t + 1) : labels.length + 1;
            java.util.Arrays.fill(beta, end, Math.max(end, nextEnd), NEVER);
        }
    }

    /** Every path crosses each anti-diagonal (each frame, where labels take one) once: the posteriors there sum to 1. */
    private void renormalise() {
        boolean frames = options.topology().labelTakesFrame();
        double[] sums = new double[frames ? band.frames() : band.frames() + labels.length];
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t), at = index(t, u); u < band.end(t); u++, at++) {
                sums[frames ? t : t + u] += blankEdge[at] + labelEdge[at];
            }
        }
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t), at = index(t, u); u < band.end(t); u++, at++) {
                double sum = sums[frames ? t : t + u];
                if (sum > 0) {
                    blankEdge[at] = (float) (blankEdge[at] / sum);
                    labelEdge[at] = (float) (labelEdge[at] / sum);
                }
            }
        }
    }

    /** The most probable path; instead of {@link #solve}, in whose arrays it works. */
    BestPath bestPath() {
        boolean constrained = options.topology() == Topology.CONSTRAINED;
        BestPath.Edges edges = new BestPath.Edges() {
            @Override
            public double blank(int t, int u) {
                return blankEdge[index(t, u)];
            }

            @Override
            public double label(int t, int u) {
                double label = labelEdge[index(t, u)];
                if (!constrained) {
                    return label;
                }
                return band.contains(t, u + 1) ? label + blankEdge[index(t, u + 1)] : NEVER;
            }
        };
        return BestPath.find(band, options.topology(), edges, alpha, first);
    }

    /** A label edge of the constrained topology uses the blank of the next position, too. */
    private void addForcedBlanks() {
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t); u + 1 < band.end(t); u++) {
                blankEdge[index(t, u + 1)] += labelEdge[index(t, u)];
            }
        }
    }

    private static double logAdd(double a, double b) {
        double max = Math.max(a, b);
        double difference = Math.min(a, b) - max;
        // Below -40 the smaller term doesn't reach the last bit of the larger; also where both are -infinity.
        return difference > -40 ? max + Math.log(1 + Math.exp(difference)) : max;
    }

    /** log(1 + exp(x)), for x of any size. */
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
