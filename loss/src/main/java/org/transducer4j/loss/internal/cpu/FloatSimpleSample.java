package org.transducer4j.loss.internal.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.LatticeOptions;

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

    /** What a node costs beside the products, its logarithm and quotient above all, in floating-point operations of vectors. */
    private static final long NODE = 200;

    private final Utterance utterance;
    private final int[] labels;
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
    private final FloatLattice lattice;
    private final float[] amMax; // (T)
    private final float[] lmMax; // (U+1)
    private final float[] lmTotal; // (U+1)

    /** Whether exponentials and strips of am are still there in the backward pass. */
    private final boolean inOneChunk;

    private boolean hasThin;

    FloatSimpleSample(
            Utterance utterance,
            SimpleJoiner joiner,
            LatticeOptions options,
            Operations operations,
            Workers workers,
            Workspace workspace,
            long limit) {
        this.utterance = utterance;
        labels = utterance.labels();
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
        chunk = size.chunk(limit);
        workspace.fit(size.plan(chunk), limit);
        workspace.meter().take(size.beside());
        store = new FloatLattice.Store(
                workspace.floats(Use.BLANK_EDGE),
                workspace.floats(Use.LABEL_EDGE),
                workspace.floats(Use.SUM),
                workspace.alpha());
        lattice = new FloatLattice(size.band(), labels, options, operations, store, 0);
        smoothing = new SimpleSmoothing(utterance, joiner, options.blank());
        amMax = new float[frames];
        lmMax = new float[positions];
        lmTotal = new float[positions];
        inOneChunk = chunk >= frames;
    }

    /** The chunk that begins at a frame. */
    private int rows(int from) {
        return Math.min(chunk, frames - from);
    }

    /** A row of am or lm as exp(x - max); leaves the largest of the row, and gives the sum. */
    private float exponentials(Matrix source, int row, float[] to, int at, float[] max) {
        source.read(row, to, at);
        Arrays.fill(to, at + vocabulary, at + stride, Float.NEGATIVE_INFINITY);
        max[row] = operations.max(to, at, operations.lanes(), stride);
        return operations.exp(to, at, operations.lanes(), stride, max[row]);
    }

    /** The exponentials of a row of am, in rows and in strips. */
    private void readAm(int t, int row) {
        float[] amExp = workspace.floats(Use.HIDDEN);
        float[] strips = workspace.floats(Use.RIGHT_STRIPS);
        exponentials(utterance.encoder().value(), t, amExp, row * stride, amMax);
        products.pack(amExp, row * stride, vocabulary, strips, size.vocabularyStrips(), row);
    }

    private void forStrips(int rows, Products.StripsTask task) {
        products.forStrips(
                rows,
                (2L * vocabulary + positions) * Float.BYTES,
                NODE * positions + 2L * vocabulary * positions,
                task);
    }

    @Override
    public void forward() {
        Matrix lm = utterance.predictor().value();
        float[] lmExp = workspace.floats(Use.PREDICTOR);
        float[] lmPacked = workspace.floats(Use.WEIGHT_FORWARD);
        float[] product = workspace.floats(Use.TILE);
        float[] left = workspace.floats(Use.RIGHT_STRIPS);
        Strips strips = size.vocabularyStrips();
        workers.run(
                positions,
                12L * positions * vocabulary,
                u -> lmTotal[u] = exponentials(lm, u, lmExp, u * stride, lmMax));
        smoothing.readLm(lmExp, stride, lmMax, lmTotal);
        products.packRightTransposed(lmExp, stride, positions, vocabulary, lmPacked);
        for (int from = 0; from < frames; from += chunk) {
            int first = from;
            int rows = rows(from);
            Products.Target normalisers = products.rows(product, 0, sumStride);
            forStrips(rows, (begin, end) -> {
                products.forRows(begin, end, rows, r -> readAm(first + r, r));
                products.multiply(begin, end, positions, vocabulary, left, 0, strips, lmPacked, normalisers);
                products.forRows(begin, end, rows, r -> weigh(first + r, r, product));
            });
        }
    }

    /** The log-probabilities of a frame's edges from its normalisers. */
    private void weigh(int t, int row, float[] product) {
        Matrix am = utterance.encoder().value();
        smoothing.readAm(t, workspace.floats(Use.HIDDEN), row * stride, amMax[t]);
        float amAtBlank = am.get(t, options.blank());
        double bonus = options.labelBonus(t, frames);
        for (int u = 0; u < positions; u++) {
            float sum = product[row * sumStride + u];
            double normaliser = sum < THIN ? directNormaliser(t, u) : Math.log(sum) + amMax[t] + lmMax[u];
            int node = lattice.index(t, u);
            store.sum()[node] = sum;
            store.blankEdge()[node] = (float) smoothing.blank(t, u, amAtBlank, normaliser);
            store.labelEdge()[node] = u < positions - 1
                    ? (float) (smoothing.label(t, u, am.get(t, labels[u]), normaliser) + bonus)
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

    /** An element of A L^T. */
    private float product(int t, int u) {
        return store.sum()[lattice.index(t, u)];
    }

    @Override
    public void backward() {
        Matrix dAm = utterance.encoder().gradient();
        Matrix dLm = utterance.predictor().gradient();
        float[] lmExp = workspace.floats(Use.PREDICTOR);
        float[] lmPacked = workspace.floats(Use.WEIGHT_BACKWARD);
        float[] lmSum = workspace.floats(Use.PREDICTOR_GRADIENT);
        float[] ratio = workspace.floats(Use.LEFT_STRIPS);
        Strips strips = size.positionStrips();
        Products.Target sums = products.rows(workspace.floats(Use.HIDDEN_GRADIENT), 0, stride);
        hasThin = false;
        workers.run(positions, 20L * positions * frames, u -> smoothing.sumPosition(u, this));
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
            forStrips(rows, (begin, end) -> {
                products.forRows(begin, end, rows, r -> {
                    if (!inOneChunk) {
                        readAm(first + r, r);
                    }
                    ratios(first + r, r);
                });
                if (dAm != null) {
                    products.multiply(begin, end, vocabulary, positions, ratio, 0, strips, lmPacked, sums);
                    products.forRows(begin, end, rows, r -> encoderGradient(first + r, r, dAm));
                }
            });
            if (dLm != null) {
                predictorSums(from, rows, lmSum);
            }
            if (hasThin) {
                addThin(from, rows, dAm, dLm);
            }
        }
        if (dLm != null) {
            smoothing.finishUnigramGradient();
            workers.run(positions, 8L * positions * vocabulary, u -> {
                smoothing.lmGradient(u, lmExp, lmSum, u * stride);
                for (int v = 0; v < vocabulary && hasThin; v++) {
                    lmSum[u * stride + v] += dLm.get(u, v);
                }
                dLm.write(u, lmSum, u * stride);
            });
        }
    }

    /** A row of R. */
    private void ratios(int t, int row) {
        float[] ratio = workspace.floats(Use.LEFT_STRIPS);
        Strips strips = size.positionStrips();
        int at = strips.at(row);
        for (int u = 0; u < positions; u++) {
            float product = product(t, u);
            if (product < THIN) {
                hasThin = true; // nobody sets it back while threads are about
                ratio[at + strips.column(u)] = 0;
            } else {
                ratio[at + strips.column(u)] = (float) (combined(t, u) / product);
            }
        }
        smoothing.sumFrame(t, this);
    }

    /** A row of A o (R L), less what was emitted at the frame. */
    private void encoderGradient(int t, int row, Matrix dAm) {
        float[] amExp = workspace.floats(Use.HIDDEN);
        float[] sums = workspace.floats(Use.HIDDEN_GRADIENT);
        double scale = joiner.combinedScale() + joiner.amOnlyScale();
        int at = row * stride;
        for (int i = at; i < at + vocabulary; i++) {
            sums[i] *= amExp[i];
        }
        double blanks = 0;
        for (int u = 0; u < positions; u++) {
            blanks += blank(t, u);
            if (u < positions - 1) {
                sums[at + labels[u]] -= (float) (scale * label(t, u));
            }
        }
        sums[at + options.blank()] -= (float) (scale * blanks);
        smoothing.addAmGradient(t, amExp, sums, at);
        dAm.write(t, sums, at);
    }

    /** Adds a chunk's part of R^T A. */
    private void predictorSums(int from, int rows, float[] lmSum) {
        float[] amExp = workspace.floats(Use.HIDDEN);
        float[] left = workspace.floats(Use.LEFT_STRIPS);
        float[] right = workspace.floats(Use.RIGHT_STRIPS);
        Strips strips = size.vocabularyStrips();
        for (int r = 0; r < rows; r++) {
            smoothing.addUnigramGradient(from + r, amExp, r * stride);
        }
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
                if (!(product(t, u) < THIN)) {
                    continue;
                }
                double normaliser = directNormaliser(t, u);
                for (int v = 0; v < vocabulary; v++) {
                    double g = combined(t, u) * Math.exp(sum(t, u, v) - normaliser);
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
