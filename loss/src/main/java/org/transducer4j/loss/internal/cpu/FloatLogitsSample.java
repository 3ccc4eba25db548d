package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.transducer4j.loss.kernel.LogitsRows;
import org.transducer4j.loss.kernel.LogitsSample;

/**
 * Ready-made logits. A frame's rows are copied to scratch, worked on there and, as gradients, copied out: so logits and
 * gradient may lie anywhere, also in the same place. Parallel over frames; each thread has a slot of the scratch.
 */
final class FloatLogitsSample implements LogitsSample {
    /** Frames that are in flight at once, whatever the number of threads. */
    private static final int SLOTS = 16;

    private final LogitsRows logits;
    private final FloatLattice lattice;
    private final Workers workers;
    private final Workspace workspace;
    private final int vocabulary;
    private final int stride;

    FloatLogitsSample(
            LogitsRows logits, FloatLattice lattice, Operations operations, Workers workers, Workspace workspace) {
        this.logits = logits;
        this.lattice = lattice;
        this.workers = workers;
        this.workspace = workspace;
        vocabulary = logits.vocabulary();
        stride = (vocabulary + operations.lanes() - 1) / operations.lanes() * operations.lanes();
        workspace.meter().take(lattice.band.nodes() * FloatLattice.BYTES_PER_NODE);
    }

    private interface NodeTask {
        void run(float[] row, int offset, int t, int u);
    }

    private void forNodes(long operationsPerScore, NodeTask task) {
        float[] scratch = workspace.floats(Workspace.Use.LOGITS, (long) SLOTS * stride);
        int frames = lattice.band.frames();
        long cost = lattice.band.nodes() * vocabulary * operationsPerScore;
        int slots = Math.min(SLOTS, frames);
        workers.run(slots, cost, slot -> {
            for (int t = slot; t < frames; t += slots) {
                for (int u = lattice.band.begin(t); u < lattice.band.end(t); u++) {
                    read(scratch, slot * stride, t, u);
                    task.run(scratch, slot * stride, t, u);
                }
            }
        });
    }

    private void read(float[] row, int offset, int t, int u) {
        MemorySegment.copy(logits.data(), JAVA_FLOAT_UNALIGNED, logits.offset(t, u), row, offset, vocabulary);
        Arrays.fill(row, offset + vocabulary, offset + stride, Float.NEGATIVE_INFINITY);
    }

    @Override
    public void forward() {
        forNodes(20, (row, offset, t, u) -> lattice.score(t, u, row, offset, stride, logits.logProbabilities()));
    }

    @Override
    public double solve() {
        return lattice.solve();
    }

    @Override
    public void backward(LogitsRows gradient, float scale, float clamp) {
        forNodes(20, (row, offset, t, u) -> {
            if (!logits.logProbabilities()) {
                lattice.exponentiate(t, u, row, offset, stride);
            }
            lattice.differentiate(t, u, row, offset, stride, logits.logProbabilities());
            Clamp.apply(row, offset, vocabulary, clamp);
            if (scale != 1) {
                for (int k = offset; k < offset + vocabulary; k++) {
                    row[k] *= scale;
                }
            }
            MemorySegment.copy(row, offset, gradient.data(), JAVA_FLOAT_UNALIGNED, gradient.offset(t, u), vocabulary);
        });
    }

    @Override
    public void close() {
        workspace.meter().give(lattice.band.nodes() * FloatLattice.BYTES_PER_NODE);
    }
}
