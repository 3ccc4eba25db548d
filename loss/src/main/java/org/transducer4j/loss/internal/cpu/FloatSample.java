package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.Activation;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.internal.cpu.FloatHead.FloatTile;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.JointSample;
import org.transducer4j.loss.kernel.Tile;

/**
 * One utterance through the joint network in float32. Rows pass in chunks: hidden values, product, log-sum-exp; and
 * back: gradient of the logits in their place, the two products dh = dz W and dW += dz^T h, the sums to encoder and
 * predictor. Each phase is parallel inside the chunk. Never in memory: hidden values of more than a chunk, a softmax.
 */
final class FloatSample implements JointSample {
    /** Columns of the reductions that one task takes. */
    private static final int COLUMNS_A_TASK = 64;

    private final FloatHead head;
    private final Utterance utterance;
    private final FloatLattice lattice;
    private final Operations operations;
    private final Products products;
    private final int vocabulary;
    private final int width;
    private final int strip;
    private final float[] predictor; // (U+1, H)
    private float @Nullable [] predictorGradient; // (U+1, H)

    FloatSample(FloatHead head, Utterance utterance, FloatLattice lattice) {
        this.head = head;
        this.utterance = utterance;
        this.lattice = lattice;
        operations = head.operations;
        products = head.products;
        vocabulary = head.vocabulary;
        width = head.width;
        strip = operations.strip();
        Matrix p = utterance.predictor().value();
        int length = Math.toIntExact(p.rows() * width);
        predictor = head.workspace.floats(Use.PREDICTOR, length);
        MemorySegment.copy(p.data(), JAVA_FLOAT_UNALIGNED, 0, predictor, 0, length);
    }

    /** Consecutive nodes, and the frames they belong to with their encoder outputs. */
    private record Chunk(int firstNode, int rows, int firstFrame, int lastFrame, float[] encoder) {}

    private Chunk chunk(int firstNode, int rows) {
        int firstFrame = lattice.band.frame(firstNode);
        int lastFrame = lattice.band.frame(firstNode + rows - 1L);
        int frames = lastFrame - firstFrame + 1;
        float[] encoder = head.workspace.floats(Use.ENCODER, (long) FloatHead.CHUNK * width);
        MemorySegment.copy(
                utterance.encoder().value().data(),
                JAVA_FLOAT_UNALIGNED,
                (long) firstFrame * width * Float.BYTES,
                encoder,
                0,
                frames * width);
        return new Chunk(firstNode, rows, firstFrame, lastFrame, encoder);
    }

    @Override
    public void forward(Tile tile, long firstNode, int rows, boolean score) {
        float[] z = ((FloatTile) tile).z();
        float[] hidden = head.workspace.floats(Use.HIDDEN, (long) FloatHead.CHUNK * width);
        float[] left = head.workspace.floats(Use.LEFT_STRIPS, leftLength());
        for (int done = 0; done < rows; done += FloatHead.CHUNK) {
            Chunk chunk = chunk((int) firstNode + done, Math.min(FloatHead.CHUNK, rows - done));
            int zo = done * vocabulary;
            head.workers.run(products.strips(chunk.rows), 30L * chunk.rows * width, i -> {
                for (int r = i * strip; r < Math.min(chunk.rows, (i + 1) * strip); r++) {
                    activate(chunk, r, hidden);
                    System.arraycopy(head.bias, 0, z, zo + r * vocabulary, vocabulary);
                }
                products.packStrip(hidden, 0, width, chunk.rows, width, left, i);
            });
            products.multiply(chunk.rows, vocabulary, width, left, head.forward, z, zo, vocabulary);
            if (score) {
                head.workers.run(products.strips(chunk.rows), 30L * chunk.rows * vocabulary, i -> {
                    for (int r = i * strip; r < Math.min(chunk.rows, (i + 1) * strip); r++) {
                        int node = chunk.firstNode + r;
                        int at = zo + r * vocabulary;
                        lattice.score(node, position(node), z, at, operations.logSumExp(z, at, vocabulary));
                    }
                });
            }
        }
    }

    @Override
    public double solve() {
        return lattice.solve();
    }

    @Override
    public void backward(Tile tile, long firstNode, int rows, float clamp) {
        float[] z = ((FloatTile) tile).z();
        float[] hidden = head.workspace.floats(Use.HIDDEN, (long) FloatHead.CHUNK * width);
        float[] left = head.workspace.floats(Use.LEFT_STRIPS, leftLength());
        int stride = head.weightGradientStride();
        float[] hiddenGradient = head.workspace.floats(Use.HIDDEN_GRADIENT, (long) FloatHead.CHUNK * stride);
        for (int done = 0; done < rows; done += FloatHead.CHUNK) {
            Chunk chunk = chunk((int) firstNode + done, Math.min(FloatHead.CHUNK, rows - done));
            int zo = done * vocabulary;
            head.workers.run(products.strips(chunk.rows), 30L * chunk.rows * (vocabulary + width), i -> {
                for (int r = i * strip; r < Math.min(chunk.rows, (i + 1) * strip); r++) {
                    differentiate(chunk.firstNode + r, z, zo + r * vocabulary, clamp);
                    activate(chunk, r, hidden);
                    Arrays.fill(hiddenGradient, r * stride, (r + 1) * stride, 0);
                }
                products.packStrip(z, zo, vocabulary, chunk.rows, vocabulary, left, i);
            });
            if (head.wantsGradients()) {
                addWeightGradient(chunk, z, zo, hidden);
            }
            products.multiply(chunk.rows, width, vocabulary, left, head.backward(), hiddenGradient, 0, stride);
            pushBack(chunk, hidden, hiddenGradient, stride);
        }
    }

    /** dW += dz^T h and db += the rows of dz. */
    private void addWeightGradient(Chunk chunk, float[] z, int zo, float[] hidden) {
        int rows = chunk.rows;
        float[] left = head.workspace.floats(
                Use.LEFT_STRIPS_TRANSPOSED, (long) products.stripRows(vocabulary) * FloatHead.CHUNK);
        float[] right = head.workspace.floats(Use.RIGHT_PANELS, (long) products.panelColumns(width) * FloatHead.CHUNK);
        float[] biasGradient = head.biasGradient();
        int strips = products.strips(vocabulary);
        int panels = products.panels(width);
        int groups = (strips + strip - 1) / strip;
        head.workers.run(groups + panels, 4L * rows * (vocabulary + width), task -> {
            if (task < groups) {
                for (int i = task * strip; i < Math.min(strips, (task + 1) * strip); i++) {
                    products.packStripTransposed(z, zo, vocabulary, vocabulary, rows, left, i);
                }
                int from = task * strip * strip;
                int n = Math.min(vocabulary, from + strip * strip) - from;
                for (int r = 0; r < rows; r++) {
                    operations.add(z, zo + r * vocabulary + from, biasGradient, from, n);
                }
            } else {
                products.packPanel(hidden, width, width, rows, right, task - groups);
            }
        });
        int stride = head.weightGradientStride();
        products.multiply(vocabulary, width, rows, left, right, head.weightGradient(), 0, stride);
    }

    /** dh through f to the encoder output of each frame and the predictor output of each position, by columns. */
    private void pushBack(Chunk chunk, float[] hidden, float[] hiddenGradient, int stride) {
        float[] toPredictor = predictorGradient();
        float[] toEncoder = head.workspace.floats(Use.ENCODER_GRADIENT, (long) FloatHead.CHUNK * width);
        int frames = chunk.lastFrame - chunk.firstFrame + 1;
        int tasks = (width + COLUMNS_A_TASK - 1) / COLUMNS_A_TASK;
        head.workers.run(tasks, 8L * chunk.rows * width, task -> {
            int from = task * COLUMNS_A_TASK;
            int n = Math.min(width, from + COLUMNS_A_TASK) - from;
            for (int f = 0; f < frames; f++) {
                Arrays.fill(toEncoder, f * width + from, f * width + from + n, 0);
            }
            for (int r = 0; r < chunk.rows; r++) {
                int node = chunk.firstNode + r;
                int t = lattice.band.frame(node);
                int u = lattice.position(node, t);
                int d = r * stride + from;
                if (head.joint.activation() == Activation.TANH) {
                    operations.tanhGradient(hidden, r * width + from, hiddenGradient, d, n);
                } else {
                    operations.reluGradient(hidden, r * width + from, hiddenGradient, d, n);
                }
                operations.add(hiddenGradient, d, toEncoder, (t - chunk.firstFrame) * width + from, n);
                operations.add(hiddenGradient, d, toPredictor, u * width + from, n);
            }
        });
        for (int f = 0; f < frames; f++) {
            FloatHead.add(toEncoder, f * width, utterance.encoder().gradient(), chunk.firstFrame + f, width);
        }
    }

    private float[] predictorGradient() {
        float[] sum = predictorGradient;
        if (sum == null) {
            int length = (lattice.labels.length + 1) * width;
            sum = head.workspace.floats(Use.PREDICTOR_GRADIENT, length);
            Arrays.fill(sum, 0, length, 0);
            predictorGradient = sum;
        }
        return sum;
    }

    private void activate(Chunk chunk, int r, float[] hidden) {
        int node = chunk.firstNode + r;
        int t = lattice.band.frame(node);
        int e = (t - chunk.firstFrame) * width;
        int p = lattice.position(node, t) * width;
        switch (head.joint.activation()) {
            case TANH -> operations.tanh(chunk.encoder, e, predictor, p, hidden, r * width, width);
            case RELU -> operations.relu(chunk.encoder, e, predictor, p, hidden, r * width, width);
        }
    }

    private void differentiate(int node, float[] z, int zo, float clamp) {
        lattice.softmax(node, z, zo, vocabulary, operations);
        lattice.subtractEdges(node, position(node), z, zo);
        Clamp.apply(z, zo, vocabulary, clamp);
    }

    private int position(int node) {
        return lattice.position(node, lattice.band.frame(node));
    }

    private long leftLength() {
        return (long) products.stripRows(FloatHead.CHUNK) * Math.max(width, vocabulary);
    }

    @Override
    public void finish() {
        if (predictorGradient != null) {
            for (int u = 0; u <= lattice.labels.length; u++) {
                FloatHead.add(
                        predictorGradient, u * width, utterance.predictor().gradient(), u, width);
            }
        }
    }

    @Override
    public void close() {
        lattice.close();
    }
}
