package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.internal.cpu.Workspace.Plan;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.Flight;
import org.transducer4j.loss.kernel.Group;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.kernel.Scratch;
import org.transducer4j.loss.lattice.LatticeOptions;

/**
 * The joint network during a batch: W packed once for each of the two products that read it, and one sum each for the
 * gradients of W and b, whatever the number of threads.
 */
final class FloatHead implements Head {
    /** Rows that pass through all steps together: their hidden values and logits stay in the second-level cache. */
    private static final int CHUNK = 256;

    final JointNetwork joint;
    final Operations operations;
    final Workers workers;
    final Workspace workspace;
    final Products products;
    final int vocabulary;
    final int width;
    private final boolean gradients;
    private boolean packed;

    FloatHead(JointNetwork joint, boolean gradients, Operations operations, Workers workers, Workspace workspace) {
        this.joint = joint;
        this.gradients = gradients;
        this.operations = operations;
        this.workers = workers;
        this.workspace = workspace;
        products = new Products(operations, workers);
        vocabulary = joint.vocabulary();
        width = joint.width();
    }

    /** Whether anybody wants the gradients of weight or bias. */
    boolean wantsWeightGradient() {
        return gradients && (joint.weight().gradient() != null || joint.bias().gradient() != null);
    }

    /** Rows of a chunk where a tile has so many. */
    int chunkRows(long tileRows) {
        return Math.min(CHUNK, products.stripRows((int) Math.min(tileRows, CHUNK)));
    }

    /** Stride of the sum of the gradient of W, and of the gradients of hidden values. */
    int paddedWidth() {
        return products.panelColumns(width);
    }

    private Plan plan(List<Member> members, long tileRows) {
        int chunk = chunkRows(tileRows);
        long nodes = 0;
        long positions = 0;
        for (Member member : members) {
            nodes += member.band().nodes();
            positions += member.utterance().labels().length + 1L;
        }
        Plan plan = new Plan()
                .floats(Use.BIAS, vocabulary)
                .floats(Use.WEIGHT_FORWARD, (long) products.panelColumns(vocabulary) * width)
                .floats(Use.TILE, tileRows * vocabulary)
                .floats(Use.HIDDEN, (long) chunk * width)
                .floats(Use.LEFT_STRIPS, (long) chunk * (gradients ? Math.max(width, vocabulary) : width))
                .floats(Use.ENCODER, (long) chunk * width)
                .floats(Use.PREDICTOR, positions * width)
                .floats(Use.BLANK_EDGE, nodes)
                .floats(Use.LABEL_EDGE, nodes)
                .logSumExp(nodes)
                .alpha(nodes);
        if (gradients) {
            plan.floats(Use.WEIGHT_BACKWARD, (long) paddedWidth() * vocabulary)
                    .floats(Use.HIDDEN_GRADIENT, (long) chunk * paddedWidth())
                    .floats(Use.ENCODER_GRADIENT, (long) chunk * width)
                    .floats(Use.PREDICTOR_GRADIENT, positions * width);
        }
        if (wantsWeightGradient()) {
            plan.floats(Use.WEIGHT_GRADIENT, (long) products.stripRows(vocabulary) * paddedWidth())
                    .floats(Use.BIAS_GRADIENT, vocabulary)
                    .floats(Use.LEFT_STRIPS_TRANSPOSED, (long) products.stripRows(vocabulary) * chunk)
                    .floats(Use.RIGHT_PANELS, (long) paddedWidth() * chunk);
        }
        return plan;
    }

    @Override
    public long scratchBytes(List<Member> members, long tileRows) {
        return plan(members, tileRows).bytes();
    }

    @Override
    public Scratch peakScratch(List<Flight> flights, long limit) {
        Plan held = new Plan();
        Plan most = held;
        for (Flight flight : flights) {
            held = held.after(plan(flight.members(), flight.tileRows()), limit);
            most = held.bytes() > most.bytes() ? held : most;
        }
        return most.scratch();
    }

    @Override
    public int maxTileRows() {
        return (Integer.MAX_VALUE - 8) / vocabulary;
    }

    @Override
    public Group begin(List<Member> members, int tileRows, LatticeOptions options, long limit) {
        Plan plan = plan(members, tileRows);
        if (!packed) {
            // Before anything is packed into them: the weight's arrays have the same length in every group's plan.
            workspace.fit(plan, limit);
            pack();
            packed = true;
        } else {
            workspace.fit(plan, limit);
        }
        return new FloatGroup(this, members, chunkRows(tileRows), options);
    }

    private void pack() {
        MemorySegment weight = joint.weight().value().data();
        MemorySegment.copy(
                joint.bias().value().data(), JAVA_FLOAT_UNALIGNED, 0, workspace.floats(Use.BIAS), 0, vocabulary);
        products.packTransposed(weight, vocabulary, width, workspace.floats(Use.WEIGHT_FORWARD));
        if (gradients) {
            products.packStraight(weight, vocabulary, width, workspace.floats(Use.WEIGHT_BACKWARD));
        }
        if (wantsWeightGradient()) {
            Arrays.fill(workspace.floats(Use.WEIGHT_GRADIENT), 0);
            Arrays.fill(workspace.floats(Use.BIAS_GRADIENT), 0);
        }
    }

    @Override
    public void finish() {
        if (packed && wantsWeightGradient()) {
            float[] weightGradient = workspace.floats(Use.WEIGHT_GRADIENT);
            for (int v = 0; v < vocabulary; v++) {
                add(weightGradient, v * paddedWidth(), joint.weight().gradient(), v, width);
            }
            add(workspace.floats(Use.BIAS_GRADIENT), 0, joint.bias().gradient(), 0, vocabulary);
        }
    }

    /** Adds n floats to a row of a gradient, where somebody wants it. */
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
