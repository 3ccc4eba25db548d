package org.transducer4j.loss.internal.cpu;

import java.util.Arrays;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;

/**
 * The lattice of one utterance with float32 log-probabilities and a recursion in double, over arrays that it shares with
 * others. Nodes are stored in {@link Waves}, and the recursion takes a wave at once. Beta needs one wave only: it runs
 * backward, and the edge posteriors take the place of the log-probabilities behind it.
 */
public final class FloatLattice {
    /** What a node takes in a {@link Store}. */
    static final long BYTES_PER_NODE = 3 * Float.BYTES + Double.BYTES;

    private static final double NEVER = Operations.NEVER;

    /**
     * Arrays of nodes.
     *
     * @param blankEdge log P(blank), then the posterior of the blank edge
     * @param labelEdge log P(next label), then the posterior of the label edge
     * @param sum sum over V of exp(logit - largest logit) (HAT: over the labels)
     * @param alpha forward scores
     */
    public record Store(float[] blankEdge, float[] labelEdge, float[] sum, double[] alpha) {
        public Store(int nodes) {
            this(new float[nodes], new float[nodes], new float[nodes], new double[nodes]);
        }

        static Store of(Workspace workspace) {
            return new Store(
                    workspace.floats(Use.BLANK_EDGE),
                    workspace.floats(Use.LABEL_EDGE),
                    workspace.floats(Use.SUM),
                    workspace.alpha());
        }
    }

    final Band band;
    final int[] labels;
    private final LatticeOptions options;
    private final Operations operations;
    private final Waves waves;
    private final int first;
    private final float[] blankEdge;
    private final float[] labelEdge;
    private final float[] sum;
    private final double[] alpha;

    /** The lattice whose nodes are in the arrays from an index on. */
    public FloatLattice(
            Band band, int[] labels, LatticeOptions options, Operations operations, Store store, int first) {
        this.band = band;
        this.labels = labels;
        this.options = options;
        this.operations = operations;
        this.first = first;
        waves = new Waves(band, options.topology(), first);
        blankEdge = store.blankEdge;
        labelEdge = store.labelEdge;
        sum = store.sum;
        alpha = store.alpha;
    }

    /** Elements that a lattice needs of each array: its nodes, and behind them what is left of a vector. */
    public static long room(Band band, Operations operations) {
        return band.nodes() + operations.lanes();
    }

    /** The most that a lattice takes beside the arrays: its waves, and a wave of backward scores. */
    static long bytesBeside(Band band, Operations operations) {
        return Waves.bytes(band) + betaLength(band, operations) * Double.BYTES;
    }

    private static long betaLength(Band band, Operations operations) {
        return band.labels() + 2L + operations.lanes();
    }

    /** Index of the blank symbol. */
    int blank() {
        return options.blank();
    }

    /** Index of a node in the arrays. */
    public int index(int t, int u) {
        return waves.node(t, u);
    }

    /** Takes the logits z of a node into the lattice, n of a row in strips. They become exp(z - the largest), HAT's blank stays. */
    void score(int t, int u, float[] z, int zo, Strips strips, int n) {
        float blank = z[zo + strips.column(options.blank())];
        float label = u < labels.length ? z[zo + strips.column(labels[u])] : Float.NEGATIVE_INFINITY;
        float max = exponentiate(t, u, z, zo, strips, n);
        score(t, u, blank, label, max, sum[index(t, u)]);
    }

    /** The first part of {@link #score} again, for logits that were made a second time. */
    float exponentiate(int t, int u, float[] z, int zo, Strips strips, int n) {
        int blank = zo + strips.column(options.blank());
        float kept = z[blank];
        if (options.hat()) {
            z[blank] = Float.NEGATIVE_INFINITY; // so that it has no part in the sum over the labels
        }
        float max = operations.max(z, zo, strips.step(), n);
        sum[index(t, u)] = operations.exp(z, zo, strips.step(), n, max);
        if (options.hat()) {
            z[blank] = kept;
        }
        return max;
    }

    /** Takes the logits of blank and next label, with the largest logit and the sum of exp(z - that): HAT's without blank. */
    void score(int t, int u, float blank, float label, float max, float sumOfExp) {
        int at = index(t, u);
        sum[at] = sumOfExp;
        double logSumExp = max + Math.log(sumOfExp); // in double, as logits may lie far from zero
        if (options.hat()) {
            weigh(t, at, -softplus(-blank), label - softplus(blank) - logSumExp);
        } else {
            weigh(t, at, blank - logSumExp, label - logSumExp);
        }
    }

    /** Takes the log-probabilities of blank and next label. */
    void score(int t, int u, float blank, float label) {
        weigh(t, index(t, u), blank, label);
    }

    private void weigh(int t, int at, double blank, double label) {
        blankEdge[at] = (float) blank;
        labelEdge[at] = (float) (label + options.labelBonus(t, band.frames()));
    }

    /** What exp(z - the largest) of a node is multiplied with. */
    float factor(int t, int u) {
        int at = index(t, u);
        return (options.hat() ? labelEdge[at] : blankEdge[at] + labelEdge[at]) / sum[at];
    }

    /**
     * The last step to the gradient with respect to a node's logits, at its blank.
     *
     * @param logit what {@link #score} left of blank's logit, which is the logit itself in HAT
     * @param scaled that times {@link #factor}
     */
    float blankGradient(int t, int u, float logit, float scaled) {
        int at = index(t, u);
        float expected = options.hat() ? (blankEdge[at] + labelEdge[at]) * (float) Math.exp(-softplus(-logit)) : scaled;
        return expected - blankEdge[at];
    }

    /** The last step to the gradient with respect to a node's logits, at its next label. */
    float labelGradient(int t, int u, float scaled) {
        return scaled - labelEdge[index(t, u)];
    }

    /** The posterior of the blank edge of a node, after {@link #solve}. */
    float blankPosterior(int t, int u) {
        return blankEdge[index(t, u)];
    }

    /** The posterior of the label edge of a node, after {@link #solve}. */
    float labelPosterior(int t, int u) {
        return labelEdge[index(t, u)];
    }

    /** The posterior of a node, after {@link #solve}. */
    float occupancy(int t, int u) {
        int at = index(t, u);
        return blankEdge[at] + labelEdge[at];
    }

    /** Copies what {@link #solve} left. */
    Posteriors posteriors() {
        float[] blanks = new float[Math.toIntExact(band.nodes())];
        float[] emitted = new float[blanks.length];
        int node = 0;
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t); u < band.end(t); u++, node++) {
                blanks[node] = blankEdge[index(t, u)];
                emitted[node] = labelEdge[index(t, u)];
            }
        }
        return new Posteriors(band, blanks, emitted);
    }

    public double solve() {
        boolean constrained = options.topology() == Topology.CONSTRAINED;
        if (constrained) {
            forceBlanks();
        }
        double logP = forward();
        if (!Double.isFinite(logP)) {
            return -logP;
        }
        backward(logP);
        if (options.renormalise()) {
            renormalise();
        }
        if (constrained) {
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

    /** Alpha of all waves, and log P. */
    private double forward() {
        for (int u = waves.begin(0); u < waves.end(0); u++) {
            alpha[waves.index(0, u)] = u == 0 ? 0 : NEVER;
        }
        for (int w = 1; w < waves.count(); w++) {
            int begin = waves.begin(w);
            int end = waves.end(w);
            // Positions that are reached from two nodes.
            int from = Math.clamp(waves.begin(w - 1) + 1L, begin, end);
            int to = Math.clamp(waves.end(w - 1), from, end);
            if (from < to) {
                operations.forward(
                        alpha, blankEdge, labelEdge, waves.index(w - 1, from), waves.index(w, from), to - from);
            }
            for (int u = begin; u < from; u++) {
                alpha[waves.index(w, u)] = arrive(w, u);
            }
            for (int u = to; u < end; u++) {
                alpha[waves.index(w, u)] = arrive(w, u);
            }
        }
        double logP = arrive(waves.count(), labels.length);
        return logP < NEVER / 2 ? Double.NEGATIVE_INFINITY : logP;
    }

    /** Log-sum of what arrives at a position from the wave before. */
    private double arrive(int w, int u) {
        int begin = waves.begin(w - 1);
        int end = waves.end(w - 1);
        double stay = NEVER;
        double emit = NEVER;
        if (u >= begin && u < end) {
            int at = waves.index(w - 1, u);
            stay = Math.max(NEVER, alpha[at] + blankEdge[at]);
        }
        if (u > begin && u <= end) {
            int at = waves.index(w - 1, u - 1);
            emit = Math.max(NEVER, alpha[at] + labelEdge[at]);
        }
        double max = Math.max(stay, emit);
        double difference = Math.min(stay, emit) - max;
        // Below -40 the smaller term doesn't reach the last bit of the larger.
        return difference > -40 ? max + Math.log(1 + Math.exp(difference)) : max;
    }

    private void backward(double logP) {
        double[] beta =
                new double[(int) betaLength(band, operations)]; // of one wave on, turning into that of this wave
        Arrays.fill(beta, NEVER);
        beta[labels.length] = 0;
        for (int w = waves.count() - 1; w >= 0; w--) {
            int begin = waves.begin(w);
            int end = waves.end(w);
            operations.backward(alpha, blankEdge, labelEdge, waves.index(w, begin), beta, begin, end - begin, logP);
            // The wave before sees only what exists here.
            int nextEnd = w + 1 < waves.count() ? waves.end(w + 1) : labels.length + 1;
            Arrays.fill(beta, end, Math.max(end, nextEnd), NEVER);
        }
    }

    /** Every path crosses each wave once: the posteriors there sum to 1. */
    private void renormalise() {
        for (int w = 0; w < waves.count(); w++) {
            int from = waves.index(w, waves.begin(w));
            int to = waves.index(w, waves.end(w));
            double sum = 0;
            double odd = 0; // two sums, as additions wait for one another
            for (int at = from; at + 1 < to; at += 2) {
                sum += (double) blankEdge[at] + labelEdge[at];
                odd += (double) blankEdge[at + 1] + labelEdge[at + 1];
            }
            if ((to - from) % 2 == 1) {
                sum += (double) blankEdge[to - 1] + labelEdge[to - 1];
            }
            sum += odd;
            if (sum > 0) {
                double factor = 1 / sum;
                for (int at = from; at < to; at++) {
                    blankEdge[at] = (float) (blankEdge[at] * factor);
                    labelEdge[at] = (float) (labelEdge[at] * factor);
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
                return band.contains(t, u + 1) ? label + blankEdge[index(t, u + 1)] : Double.NEGATIVE_INFINITY;
            }
        };
        return BestPath.find(band, options.topology(), edges, alpha, first);
    }

    /** A label edge of the constrained topology uses the blank of the next position, too. */
    private void forceBlanks() {
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t); u < band.end(t); u++) {
                labelEdge[index(t, u)] += u + 1 < band.end(t) ? blankEdge[index(t, u + 1)] : Float.NEGATIVE_INFINITY;
            }
        }
    }

    /** Its posterior counts for that blank, too. */
    private void addForcedBlanks() {
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t); u + 1 < band.end(t); u++) {
                blankEdge[index(t, u + 1)] += labelEdge[index(t, u)];
            }
        }
    }

    /** log(1 + exp(x)), for x of any size. */
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
