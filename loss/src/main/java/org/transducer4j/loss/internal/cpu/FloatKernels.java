package org.transducer4j.loss.internal.cpu;

import org.transducer4j.loss.CtcUtterance;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsRows;
import org.transducer4j.loss.kernel.LogitsSample;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.prune.SimpleJoiner;
import org.transducer4j.loss.schedule.MemoryBudget;

/** Float32 kernels on the CPU over the inner loops of a provider. */
public final class FloatKernels implements Kernels {
    private final Operations operations;
    private final Workers workers;
    private final Workspace workspace = new Workspace();

    /**
     * Opens the kernels.
     *
     * @param operations inner loops
     * @param threads number of threads
     */
    public FloatKernels(Operations operations, int threads) {
        this.operations = operations;
        workers = new Workers(threads);
    }

    @Override
    public Head head(JointNetwork joint, boolean gradients) {
        return new FloatHead(joint, gradients, operations, workers, workspace);
    }

    @Override
    public LogitsSample logits(LogitsRows logits, int[] labels, Band band, LatticeOptions options) {
        var store = new FloatLattice.Store(Math.toIntExact(FloatLattice.room(band, operations)));
        var lattice = new FloatLattice(band, labels, options, operations, store, 0);
        return new FloatLogitsSample(logits, lattice, operations, workers, workspace);
    }

    @Override
    public SimpleSample simple(Utterance utterance, SimpleJoiner joiner, LatticeOptions options, MemoryBudget budget) {
        return new FloatSimpleSample(utterance, joiner, options, operations, workers, workspace, budget);
    }

    @Override
    public LogitsSample ctc(CtcUtterance utterance, int blank, MemoryBudget budget) {
        return new FloatCtcSample(utterance, blank, operations, workers, workspace, budget);
    }

    @Override
    public double productPeak() {
        return ProductPeak.measure(operations, workers);
    }

    @Override
    public void resetPeak() {
        workspace.meter().reset();
    }

    @Override
    public long peakScratchBytes() {
        return workspace.meter().peak();
    }

    @Override
    public void close() {
        workers.close();
    }
}
