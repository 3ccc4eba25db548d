package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.JointSample;
import org.transducer4j.loss.kernel.Tile;
import org.transducer4j.loss.lattice.Band;

/**
 * The joint network during a batch: W packed once for each of the two products that read it, and one sum each for the
 * gradients of W and b, whatever the number of threads.
 */
final class FloatHead implements Head {
    /** Rows that pass through all steps together: their hidden values and logits stay in the second-level cache. */
    static final int CHUNK = 256;

    final JointNetwork joint;
    final Operations operations;
    final Workers workers;
    final Workspace workspace;
    final Products products;
    final int vocabulary;
    final int width;
    final float[] bias;
    final float[] forward;
    private final boolean gradients;
    private float @Nullable [] backward;
    private float @Nullable [] weightGradient; // (whole strips of V, whole panels of H)
    private float @Nullable [] biasGradient;

    /** A tile of float32 logits, row after row without gaps. */
    record FloatTile(int rows, float[] z) implements Tile {}

    FloatHead(JointNetwork joint, Operations operations, Workers workers, Workspace workspace) {
        this.joint = joint;
        this.operations = operations;
        this.workers = workers;
        this.workspace = workspace;
        products = new Products(operations, workers);
        vocabulary = joint.vocabulary();
        width = joint.width();
        bias = workspace.floats(Use.BIAS, vocabulary);
        MemorySegment.copy(joint.bias().value().data(), JAVA_FLOAT_UNALIGNED, 0, bias, 0, vocabulary);
        forward = workspace.floats(Use.WEIGHT_FORWARD, (long) products.panelColumns(vocabulary) * width);
        products.packTransposed(joint.weight().value().data(), vocabulary, width, forward);
        gradients = joint.weight().gradient() != null || joint.bias().gradient() != null;
    }

    /** W packed for dh = dz W: not before somebody goes backward. */
    float[] backward() {
        float[] packed = backward;
        if (packed == null) {
            packed = workspace.floats(Use.WEIGHT_BACKWARD, (long) products.panelColumns(width) * vocabulary);
            products.packStraight(joint.weight().value().data(), vocabulary, width, packed);
            backward = packed;
        }
        return packed;
    }

    boolean wantsGradients() {
        return gradients;
    }

    /** The stride of {@link #weightGradient()}. */
    int weightGradientStride() {
        return products.panelColumns(width);
    }

    float[] weightGradient() {
        float[] sum = weightGradient;
        if (sum == null) {
            int length = products.stripRows(vocabulary) * weightGradientStride();
            sum = workspace.floats(Use.WEIGHT_GRADIENT, length);
            Arrays.fill(sum, 0, length, 0);
            weightGradient = sum;
        }
        return sum;
    }

    float[] biasGradient() {
        float[] sum = biasGradient;
        if (sum == null) {
            sum = workspace.floats(Use.BIAS_GRADIENT, vocabulary);
            Arrays.fill(sum, 0, vocabulary, 0);
            biasGradient = sum;
        }
        return sum;
    }

    @Override
    public JointSample begin(Utterance utterance, Band band, int blank) {
        return new FloatSample(this, utterance, new FloatLattice(band, utterance.labels(), blank, workspace.meter()));
    }

    @Override
    public Tile tile(int rows) {
        return new FloatTile(rows, workspace.floats(Use.TILE, (long) rows * vocabulary));
    }

    @Override
    public long bytesPerRow() {
        return (long) vocabulary * Float.BYTES;
    }

    @Override
    public void finish() {
        if (weightGradient != null) {
            for (int v = 0; v < vocabulary; v++) {
                add(weightGradient, v * weightGradientStride(), joint.weight().gradient(), v, width);
            }
        }
        if (biasGradient != null) {
            add(biasGradient, 0, joint.bias().gradient(), 0, vocabulary);
        }
    }

    /** Adds n floats to the beginning of a row of a gradient, where somebody wants it. */
    static void add(float[] x, int offset, @Nullable Matrix gradient, long row, int n) {
        if (gradient != null) {
            long at = row * gradient.columns() * Float.BYTES;
            MemorySegment data = gradient.data();
            for (int i = 0; i < n; i++) {
                long to = at + (long) i * Float.BYTES;
                data.set(JAVA_FLOAT_UNALIGNED, to, data.get(JAVA_FLOAT_UNALIGNED, to) + x[offset + i]);
            }
        }
    }

    @Override
    public void close() {
        // The workspace keeps its arrays for the next batch.
    }
}
