package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.internal.cpu.Workspace.Plan;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.Flight;
import org.transducer4j.loss.kernel.Group;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.LatticeOptions;

/**
 * The joint network during a batch: W packed once for each of the two products that read it, and one sum each for the
 * gradients of W and b, whatever the number of threads.
 */
final class FloatHead implements Head {
    /** Rows that pass through all steps together, a multiple of the strips of all blocks. */
    private static final int CHUNK = 576;

    final JointNetwork joint;
    final Operations operations;
    final Workers workers;
    final Workspace workspace;
    final Products products;
    final int vocabulary;
    final int width;
    private final boolean gradients;
    private final Aside.Room room;
    private boolean packed;

    FloatHead(
            JointNetwork joint,
            boolean gradients,
            Operations operations,
            Workers workers,
            Workspace workspace,
            Aside.Room room) {
        this.room = room;
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
        return (int) products.stripRows(Math.min(tileRows, CHUNK));
    }

    /** How the logits of a tile are laid out. */
    Strips logitStrips() {
        return products.inStrips(vocabulary);
    }

    /** How hidden values are laid out where a product reads them. */
    Strips hiddenStrips() {
        return products.inStrips(width + 1);
    }

    /**
     * Stride of hidden values, their gradients, and encoder and predictor outputs. There is room for a 1 after the
     * hidden values of a row, whose weights are the bias.
     */
    int paddedWidth() {
        return products.stride(width + 1);
    }

    /** The sum of (h 1)^T dz: the gradients of W, transposed, and of the bias. */
    Products.Target weightGradient() {
        return products.columns(workspace.floats(Use.WEIGHT_GRADIENT), width + 1);
    }

    private Plan plan(List<Member> members, long tileRows) {
        int chunk = chunkRows(tileRows);
        long nodes = 0;
        long beside = 0;
        long positions = 0;
        for (Member member : members) {
            nodes += FloatLattice.room(member.band(), operations);
            beside += FloatLattice.bytesBeside(member.band(), operations);
            positions += member.utterance().labelCount() + 1L;
        }
        long paddedVocabulary = products.panelColumns(vocabulary);
        Plan plan = new Plan()
                .floats(Use.WEIGHT_FORWARD, paddedVocabulary * (width + 1L))
                .floats(Use.TILE, logitStrips().room(tileRows))
                .floats(Use.HIDDEN, (long) chunk * paddedWidth())
                .floats(Use.LEFT_STRIPS, hiddenStrips().room(chunk))
                .floats(Use.ENCODER, (long) chunk * paddedWidth())
                .floats(Use.PREDICTOR, positions * paddedWidth())
                .floats(Use.BLANK_EDGE, nodes)
                .floats(Use.LABEL_EDGE, nodes)
                .floats(Use.SUM, nodes)
                .alpha(nodes)
                .beside(beside);
        if (gradients) {
            plan.floats(Use.WEIGHT_BACKWARD, (long) products.panelColumns(width) * vocabulary)
                    .floats(Use.KEPT_ROWS, logitStrips().room(chunk))
                    .floats(Use.HIDDEN_GRADIENT, (long) chunk * paddedWidth())
                    .floats(Use.ENCODER_GRADIENT, (long) chunk * paddedWidth())
                    .floats(Use.PREDICTOR_GRADIENT, positions * paddedWidth());
        }
        if (wantsWeightGradient()) {
            plan.floats(Use.WEIGHT_GRADIENT, products.outerRows(width + 1) * paddedVocabulary);
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
    public int rowsTogether() {
        return CHUNK;
    }

    @Override
    public int maxTileRows() {
        return (Integer.MAX_VALUE - 8) / logitStrips().size() * operations.strip() - CHUNK;
    }

    @Override
    public void prepare(List<Member> batch, long bytes) {
        Gradients.clear(batch);
        room.fit(bytes);
    }

    @Override
    public Group begin(List<Member> members, int tileRows, LatticeOptions options, long inAll) {
        long limit = inAll - room.bytes();
        Plan plan = plan(members, tileRows);
        if (!packed) {
            // Before anything is packed into them: the weight's arrays have the same length in every group's plan.
            workspace.fit(plan, limit);
            pack();
            packed = true;
        } else {
            workspace.fit(plan, limit);
        }
        return new FloatGroup(this, members, gradients ? new Aside(members, room) : null, chunkRows(tileRows), options);
    }

    private void pack() {
        MemorySegment weight = joint.weight().value().data();
        MemorySegment bias = joint.bias().value().data();
        products.packTransposed(weight, bias, vocabulary, width, workspace.floats(Use.WEIGHT_FORWARD));
        if (gradients) {
            products.packStraight(weight, vocabulary, width, workspace.floats(Use.WEIGHT_BACKWARD));
        }
        if (wantsWeightGradient()) {
            Arrays.fill(workspace.floats(Use.WEIGHT_GRADIENT), 0);
        }
    }

    @Override
    public void finish(float factor) {
        if (!packed || !wantsWeightGradient()) {
            return;
        }
        Products.Target sum = weightGradient();
        int lanes = operations.lanes();
        workers.run(Math.ceilDiv(vocabulary, lanes), 4L * vocabulary * width, j -> {
            float[] row = new float[width + 1];
            for (int v = j * lanes; v < Math.min(vocabulary, (j + 1) * lanes); v++) {
                int from = j * sum.byVector() + v % lanes;
                for (int h = 0; h <= width; h++, from += sum.byRow()) {
                    row[h] = sum.array()[from];
                }
                add(row, 0, factor, joint.weight().gradient(), (long) v * width, width);
                add(row, width, factor, joint.bias().gradient(), v, 1);
            }
        });
    }

    /** Adds n floats, multiplied, to a gradient from an element on, where somebody wants it. */
    static void add(float[] x, int offset, float factor, @Nullable Matrix gradient, long element, int n) {
        if (gradient != null) {
            long at = element * Float.BYTES;
            MemorySegment data = gradient.data();
            for (int i = 0; i < n; i++) {
                long to = at + (long) i * Float.BYTES;
                data.set(JAVA_FLOAT_UNALIGNED, to, data.get(JAVA_FLOAT_UNALIGNED, to) + factor * x[offset + i]);
            }
        }
    }

    @Override
    public void close() {
        // The workspace keeps its arrays for the next batch.
    }
}
