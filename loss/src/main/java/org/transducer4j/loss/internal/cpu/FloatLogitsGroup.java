package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.LogitsGroup;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.lattice.LatticeOptions;

/**
 * Ready-made logits. Rows of a frame are copied to scratch together, worked on there and, as gradients, copied out: so logits
 * and gradient may lie anywhere, also in the same place. Log-probabilities aren't copied. Parallel over runs of frames of all
 * utterances, and over lattices; what a node gets depends on its own row only.
 */
final class FloatLogitsGroup implements LogitsGroup {
    /** Stands for the threads that help. */
    private static final Thread HELPER = Thread.ofVirtual().unstarted(() -> {});

    private final List<LogitsMember> members;
    private final LatticeOptions options;
    private final Operations operations;
    private final Workers workers;
    private final Workspace workspace;
    private final FloatLattice[] lattices;
    private final int vocabulary;
    private final LogitsSize size;
    private final int block; // rows of a slot
    private final int[] runs; // of the utterances before each

    FloatLogitsGroup(
            List<LogitsMember> members,
            LatticeOptions options,
            Operations operations,
            Workers workers,
            Workspace workspace,
            long limit) {
        this.members = members;
        this.options = options;
        this.operations = operations;
        this.workers = workers;
        this.workspace = workspace;
        size = LogitsSize.of(members, operations, limit);
        vocabulary = size.vocabulary();
        block = size.block();
        lattices = new FloatLattice[members.size()];
        runs = new int[lattices.length + 1];
        boolean kept = size.keepsNodes();
        workspace.fit(size.plan(), limit);
        workspace.meter().take(size.bytesBeside());
        var shared = FloatLattice.Store.of(workspace);
        for (int b = 0, first = 0; b < lattices.length; b++) {
            LogitsMember member = members.get(b);
            int own = Math.toIntExact(FloatLattice.room(member.band(), operations));
            var store = kept ? shared : new FloatLattice.Store(own);
            lattices[b] = new FloatLattice(member.band(), member.labels(), options, operations, store, first);
            first += kept ? own : 0;
            runs[b + 1] = runs[b] + LogitsSize.runs(member.band());
        }
    }

    private interface FrameTask {
        void run(int slot, int utterance, int t);
    }

    /** Runs a task for each frame of all utterances; on the caller's thread, where an arena lets no other read or write. */
    private void forFrames(MemorySegment data, long operationsPerNode, FrameTask task) {
        boolean forAll = data.isAccessibleBy(HELPER)
                && members.getFirst().logits().data().isAccessibleBy(HELPER);
        int slots = size.slots();
        workers.run(slots, forAll ? size.nodes() * operationsPerNode : 0, slot -> {
            for (int b = 0, run = slot; run < runs[lattices.length]; run += slots) {
                while (run >= runs[b + 1]) {
                    b++;
                }
                int from = (run - runs[b]) * LogitsSize.RUN;
                int to = Math.min(from + LogitsSize.RUN, lattices[b].band.frames());
                for (int t = from; t < to; t++) {
                    task.run(slot, b, t);
                }
            }
        });
    }

    /** What a slot of the scratch memory holds: logits of some rows of a frame, exponentials of them, and three numbers a row. */
    private final class Slot {
        private final float[] array = workspace.floats(Use.LOGITS);
        private final int z;
        private final int y;
        private final int max;
        private final int factor;
        private final int blank;

        Slot(int number) {
            z = Math.toIntExact(number * size.slotFloats());
            y = z + block * vocabulary + operations.lanes();
            max = y + block * vocabulary + operations.lanes();
            factor = max + block;
            blank = factor + block;
        }

        /** Reads rows, finds the largest logit of each, and keeps blank's; in HAT blank has no part in the softmax. */
        void read(LogitsRows logits, int t, int u, int rows) {
            MemorySegment.copy(logits.data(), JAVA_FLOAT_UNALIGNED, logits.offset(t, u), array, z, rows * vocabulary);
            for (int r = 0; r < rows; r++) {
                int at = z + r * vocabulary + options.blank();
                array[blank + r] = array[at];
                if (options.hat()) {
                    array[at] = Float.NEGATIVE_INFINITY;
                }
            }
            operations.rowMaxima(array, z, vocabulary, rows, array, max);
        }

        void exponentials(int rows) {
            operations.rowExponentials(array, z, vocabulary, rows, array, max, array, factor, array, y);
        }

        /** The sum of a row's exponentials. */
        float sum(int row) {
            return Operations.sum(array, y + row * vocabulary, vocabulary);
        }
    }

    @Override
    public double[] solve() {
        if (lattices.length == 0) {
            return new double[0];
        }
        LogitsRows first = members.getFirst().logits();
        if (first.logProbabilities()) {
            forFrames(
                    first.data(),
                    40,
                    (_, b, t) -> take(lattices[b], members.get(b).logits(), t));
        } else {
            forFrames(
                    first.data(),
                    20L * vocabulary,
                    (slot, b, t) ->
                            score(new Slot(slot), lattices[b], members.get(b).logits(), t));
        }
        double[] losses = new double[lattices.length];
        workers.run(losses.length, 200 * size.nodes(), b -> losses[b] = lattices[b].solve());
        return losses;
    }

    private static void take(FloatLattice lattice, LogitsRows rows, int t) {
        for (int u = lattice.band.begin(t); u < lattice.band.end(t); u++) {
            long at = rows.offset(t, u);
            float label = u < lattice.labels.length ? get(rows, at, lattice.labels[u]) : Float.NEGATIVE_INFINITY;
            lattice.score(t, u, get(rows, at, lattice.blank()), label);
        }
    }

    private static float get(LogitsRows rows, long offset, int symbol) {
        return rows.data().get(JAVA_FLOAT_UNALIGNED, offset + (long) symbol * Float.BYTES);
    }

    private void score(Slot slot, FloatLattice lattice, LogitsRows logits, int t) {
        float[] array = slot.array;
        Arrays.fill(array, slot.factor, slot.factor + block, 1);
        int end = lattice.band.end(t);
        for (int from = lattice.band.begin(t); from < end; from += block) {
            int rows = Math.min(block, end - from);
            slot.read(logits, t, from, rows);
            slot.exponentials(rows);
            for (int r = 0; r < rows; r++) {
                int u = from + r;
                float label = u < lattice.labels.length
                        ? array[slot.z + r * vocabulary + lattice.labels[u]]
                        : Float.NEGATIVE_INFINITY;
                lattice.score(t, u, array[slot.blank + r], label, array[slot.max + r], slot.sum(r));
            }
        }
    }

    @Override
    public void backward(List<LogitsRows> gradients, boolean[] take, float scale, float clamp) {
        if (lattices.length == 0) {
            return;
        }
        MemorySegment data = gradients.getFirst().data();
        if (members.getFirst().logits().logProbabilities()) {
            forFrames(data, vocabulary, (_, b, t) -> {
                if (take[b]) {
                    subtract(lattices[b], gradients.get(b), t, scale, clamp);
                }
            });
        } else {
            forFrames(data, 20L * vocabulary, (slot, b, t) -> {
                if (take[b]) {
                    differentiate(
                            new Slot(slot), lattices[b], members.get(b).logits(), gradients.get(b), t, scale, clamp);
                }
            });
        }
        for (int b = 0; b < lattices.length; b++) {
            Gradients.clearOutside(lattices[b].band, gradients.get(b), !take[b]);
        }
    }

    /** The gradient with respect to log-probabilities: posteriors of edges, and nothing else. */
    private void subtract(FloatLattice lattice, LogitsRows gradient, int t, float scale, float clamp) {
        int begin = lattice.band.begin(t);
        long rowBytes = (long) vocabulary * Float.BYTES;
        gradient.data()
                .asSlice(gradient.offset(t, begin), (lattice.band.end(t) - begin) * rowBytes)
                .fill((byte) 0);
        for (int u = begin; u < lattice.band.end(t); u++) {
            long at = gradient.offset(t, u);
            set(gradient, at, lattice.blank(), lattice.blankPosterior(t, u), scale, clamp);
            if (u < lattice.labels.length) {
                set(gradient, at, lattice.labels[u], lattice.labelPosterior(t, u), scale, clamp);
            }
        }
    }

    private static void set(LogitsRows rows, long offset, int symbol, float posterior, float scale, float clamp) {
        float limited = clamp > 0 ? Math.min(posterior, clamp) : posterior;
        rows.data().set(JAVA_FLOAT_UNALIGNED, offset + (long) symbol * Float.BYTES, 0 - scale * limited);
    }

    private void differentiate(
            Slot slot, FloatLattice lattice, LogitsRows logits, LogitsRows gradient, int t, float scale, float clamp) {
        float[] array = slot.array;
        int end = lattice.band.end(t);
        for (int from = lattice.band.begin(t); from < end; from += block) {
            int rows = Math.min(block, end - from);
            slot.read(logits, t, from, rows);
            for (int r = 0; r < rows; r++) {
                array[slot.factor + r] = lattice.factor(t, from + r);
            }
            slot.exponentials(rows);
            for (int r = 0; r < rows; r++) {
                int y = slot.y + r * vocabulary;
                int blank = y + lattice.blank();
                array[blank] = lattice.blankGradient(t, from + r, array[slot.blank + r], array[blank]);
                if (from + r < lattice.labels.length) {
                    int label = y + lattice.labels[from + r];
                    array[label] = lattice.labelGradient(t, from + r, array[label]);
                }
            }
            Clamp.apply(array, slot.y, rows * vocabulary, clamp);
            if (scale != 1) {
                for (int i = slot.y; i < slot.y + rows * vocabulary; i++) {
                    array[i] *= scale;
                }
            }
            long to = gradient.offset(t, from);
            MemorySegment.copy(array, slot.y, gradient.data(), JAVA_FLOAT_UNALIGNED, to, rows * vocabulary);
        }
    }

    @Override
    public void close() {
        workspace.meter().give(size.bytesBeside());
    }
}
