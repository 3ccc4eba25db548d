package org.transducer4j.loss.internal.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.prune.SimpleJoiner;
import org.transducer4j.loss.schedule.MemoryBudget;

/**
 * The simple joiner by three matrix products, with A = exp(am - max) and L = exp(lm - max), maxima row by row:
 *
 * <pre>
 * normaliser(t,u) = log (A L^T)(t,u) + maxima
 * R(t,u)          = occupancy(t,u) / (A L^T)(t,u)
 * d am            = A o (R L)   - what was emitted      d lm = L o (R^T A) - what was emitted
 * </pre>
 *
 * Frames pass in chunks; nothing of size (T, U+1, V) exists, nor (T, V).
 */
final class FloatSimpleSample implements SimpleSample {
    /**
     * Where am and lm have their mass on different symbols, an element of A L^T may have lost its digits to underflow. Such
     * nodes, rare ones, are computed symbol by symbol in double.
     */
    private static final float THIN = 1e-30f;

    private static final double LOG_THIN = Math.log(THIN);

    private static final float[] NONE = {};

    private final Utterance utterance;
    private final SimpleJoiner joiner;
    private final LatticeOptions options;
    private final Operations operations;
    private final Products products;
    private final Workers workers;
    private final Workspace workspace;
    private final int frames;
    private final int positions; // U+1
    private final SimpleSize size;
    private final int vocabulary;
    private final int stride; // of rows of V
    private final int sumStride; // of rows of U+1
    private final int chunk;
    private final SimpleSmoothing smoothing;
    private final FloatLattice.Store store;
    private final double[] lse;
    private final FloatLattice lattice;
    private final float[] amMax; // (T)
    private final float[] lmMax; // (U+1)

    FloatSimpleSample(
            Utterance utterance,
            SimpleJoiner joiner,
            LatticeOptions options,
            Operations operations,
            Workers workers,
            Workspace workspace,
            MemoryBudget budget) {
        this.utterance = utterance;
        this.joiner = joiner;
        this.options = options;
        this.operations = operations;
        this.workers = workers;
        this.workspace = workspace;
        products = new Products(operations, workers);
        size = SimpleSize.of(utterance, joiner, operations, products);
        frames = size.frames();
        positions = size.positions();
        vocabulary = size.vocabulary();
        stride = size.stride();
        sumStride = size.sumStride();
        chunk = size.chunk(budget);
        workspace.fit(size.plan(chunk), budget.bytes());
        workspace.meter().take(size.beside());
        store = new FloatLattice.Store(
                workspace.floats(Use.BLANK_EDGE), workspace.floats(Use.LABEL_EDGE), NONE, workspace.alpha());
        lse = workspace.logSumExp();
        lattice = new FloatLattice(size.band(), utterance.labels(), options, operations, store, 0);
        smoothing = new SimpleSmoothing(utterance, joiner, options.blank(), operations);
        amMax = new float[frames];
        lmMax = new float[positions];
    }

    /** The chunk that begins at a frame. */
    private int rows(int from) {
        return Math.min(chunk, frames - from);
    }

    /** Rows of am or lm, exp(x - max) in an array. */
    private void exponentials(Matrix source, int from, int rows, float[] to, float[] max) {
        workers.run(rows, 12L * rows * vocabulary, r -> {
            int at = r * stride;
            source.read(from + r, to, at);
            Arrays.fill(to, at + vocabulary, at + stride, Float.NEGATIVE_INFINITY);
            float most = operations.max(to, at, operations.lanes(), stride);
            max[from + r] = most;
            operations.exp(to, at, operations.lanes(), stride, most);
        });
    }

    /** Puts rows into strips. */
    private void pack(float[] source, int sourceStride, int rows, int columns, float[] to, Strips strips) {
        workers.run(rows, 4L * rows * columns, r -> products.pack(source, r * sourceStride, columns, to, strips, r));
    }

    @Override
    public void forward() {
        Matrix am = utterance.encoder().value();
        float[] lmExp = workspace.floats(Use.PREDICTOR);
        float[] lmPacked = workspace.floats(Use.WEIGHT_FORWARD);
        float[] amExp = workspace.floats(Use.HIDDEN);
        float[] product = workspace.floats(Use.TILE);
        float[] left = workspace.floats(Use.LEFT_STRIPS);
        Strips strips = size.vocabularyStrips();
        exponentials(utterance.predictor().value(), 0, positions, lmExp, lmMax);
        smoothing.readLm();
        products.packRightTransposed(lmExp, stride, positions, vocabulary, lmPacked);
        for (int from = 0; from < frames; from += chunk) {
            int first = from;
            int rows = rows(from);
            exponentials(am, from, rows, amExp, amMax);
            pack(amExp, stride, rows, vocabulary, left, strips);
            Products.Target normalisers = products.rows(product, 0, sumStride);
            products.multiply(rows, positions, vocabulary, left, strips, lmPacked, normalisers);
            workers.run(rows, 30L * rows * positions, r -> weigh(first + r, product, r * sumStride));
        }
    }

    /** The log-probabilities of a frame's edges from its normalisers. */
    private void weigh(int t, float[] product, int at) {
        smoothing.readAm(t);
        for (int u = 0; u < positions; u++) {
            float sum = product[at + u];
            double normaliser = sum < THIN ? directNormaliser(t, u) : Math.log(sum) + amMax[t] + lmMax[u];
            int node = lattice.index(t, u);
            lse[node] = normaliser;
            store.blankEdge()[node] = (float) smoothing.score(t, u, options.blank(), normaliser);
            store.labelEdge()[node] = u < positions - 1
                    ? (float) (smoothing.score(t, u, utterance.labels()[u], normaliser) + options.labelBonus(t, frames))
                    : Float.NEGATIVE_INFINITY;
        }
    }

    private double sum(int t, int u, int v) {
        return (double) utterance.encoder().value().get(t, v)
                + utterance.predictor().value().get(u, v);
    }

    private double directNormaliser(int t, int u) {
        double max = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < vocabulary; v++) {
            max = Math.max(max, sum(t, u, v));
        }
        double total = 0;
        for (int v = 0; v < vocabulary; v++) {
            total += Math.exp(sum(t, u, v) - max);
        }
        return max + Math.log(total);
    }

    @Override
    public double solve() {
        return lattice.solve();
    }

    @Override
    public double blank(int t, int u) {
        return store.blankEdge()[lattice.index(t, u)];
    }

    @Override
    public double label(int t, int u) {
        return store.labelEdge()[lattice.index(t, u)];
    }

    /** How often a softmax over am + lm counts at a node. */
    private double combined(int t, int u) {
        return joiner.combinedScale() * lattice.occupancy(t, u);
    }

    /** log of an element of A L^T. */
    private double logProduct(int t, int u) {
        return lse[lattice.index(t, u)] - amMax[t] - lmMax[u];
    }

    private boolean isThin(int t, int u) {
        return logProduct(t, u) < LOG_THIN;
    }

    @Override
    public void backward() {
        Matrix dAm = utterance.encoder().gradient();
        Matrix dLm = utterance.predictor().gradient();
        Matrix am = utterance.encoder().value();
        float[] lmExp = workspace.floats(Use.PREDICTOR);
        float[] lmPacked = workspace.floats(Use.WEIGHT_BACKWARD);
        float[] lmSum = workspace.floats(Use.PREDICTOR_GRADIENT);
        float[] amExp = workspace.floats(Use.HIDDEN);
        float[] ratio = workspace.floats(Use.TILE);
        smoothing.sumPosteriors(this);
        workers.run(
                positions,
                4L * positions * vocabulary,
                u -> products.packRight(lmExp, u * stride, vocabulary, positions, lmPacked, u));
        Arrays.fill(lmSum, 0);
        if (dLm != null) {
            dLm.clear(); // thin nodes add to it on the way
        }
        for (int from = 0; from < frames; from += chunk) {
            int first = from;
            int rows = rows(from);
            exponentials(am, from, rows, amExp, amMax);
            workers.run(rows, 30L * rows * positions, r -> {
                for (int u = 0; u < positions; u++) {
                    ratio[r * sumStride + u] = isThin(first + r, u)
                            ? 0
                            : (float) (combined(first + r, u) * Math.exp(-logProduct(first + r, u)));
                }
            });
            pack(ratio, sumStride, rows, positions, workspace.floats(Use.LEFT_STRIPS), size.positionStrips());
            if (dAm != null) {
                encoderGradient(from, rows, amExp, lmPacked, dAm);
            }
            if (dLm != null) {
                predictorSums(rows, amExp, lmSum);
            }
            addThin(from, rows, dAm, dLm);
        }
        if (dLm != null) {
            workers.run(positions, 8L * positions * vocabulary, u -> {
                for (int v = 0; v < vocabulary; v++) {
                    int i = u * stride + v;
                    add(dLm, u, v, lmSum[i] * lmExp[i] + smoothing.lmGradient(u, v));
                }
                add(dLm, u, options.blank(), -smoothing.emittedAt(u, false));
                if (u < positions - 1) {
                    add(dLm, u, utterance.labels()[u], -smoothing.emittedAt(u, true));
                }
            });
        }
    }

    /** A o (R L), less what was emitted at each frame. */
    private void encoderGradient(int from, int rows, float[] amExp, float[] lmPacked, Matrix dAm) {
        float[] sums = workspace.floats(Use.HIDDEN_GRADIENT);
        float[] left = workspace.floats(Use.LEFT_STRIPS);
        Products.Target target = products.rows(sums, 0, stride);
        products.multiply(rows, vocabulary, positions, left, size.positionStrips(), lmPacked, target);
        double scale = joiner.combinedScale() + joiner.amOnlyScale();
        workers.run(rows, 4L * rows * vocabulary, r -> {
            int t = from + r;
            for (int i = r * stride; i < r * stride + vocabulary; i++) {
                sums[i] *= amExp[i];
            }
            double blanks = 0;
            double occupancy = 0;
            for (int u = 0; u < positions; u++) {
                blanks += blank(t, u);
                occupancy += lattice.occupancy(t, u);
                if (u < positions - 1) {
                    sums[r * stride + utterance.labels()[u]] -= (float) (scale * label(t, u));
                }
            }
            sums[r * stride + options.blank()] -= (float) (scale * blanks);
            smoothing.addAmGradient(t, occupancy, sums, r * stride);
            dAm.write(t, sums, r * stride);
        });
    }

    /** Adds a chunk's part of R^T A. */
    private void predictorSums(int rows, float[] amExp, float[] lmSum) {
        float[] left = workspace.floats(Use.LEFT_STRIPS);
        float[] right = workspace.floats(Use.RIGHT_STRIPS);
        Strips strips = size.vocabularyStrips();
        pack(amExp, stride, rows, vocabulary, right, strips);
        products.addOuter(
                positions,
                vocabulary,
                rows,
                left,
                size.positionStrips(),
                right,
                0,
                strips,
                products.rows(lmSum, 0, stride));
    }

    /** Nodes that the products leave out. */
    private void addThin(int from, int rows, @Nullable Matrix dAm, @Nullable Matrix dLm) {
        for (int t = from; t < from + rows; t++) {
            for (int u = 0; u < positions; u++) {
                if (!isThin(t, u)) {
                    continue;
                }
                for (int v = 0; v < vocabulary; v++) {
                    double g = combined(t, u) * Math.exp(sum(t, u, v) - lse[lattice.index(t, u)]);
                    add(dAm, t, v, g);
                    add(dLm, u, v, g);
                }
            }
        }
    }

    private static void add(@Nullable Matrix matrix, long row, int column, double value) {
        if (matrix != null) {
            matrix.set(row, column, (float) (matrix.get(row, column) + value));
        }
    }

    @Override
    public void close() {
        workspace.meter().give(size.beside());
    }
}
