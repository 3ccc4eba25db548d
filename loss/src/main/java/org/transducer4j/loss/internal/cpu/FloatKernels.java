package org.transducer4j.loss.internal.cpu;

import java.util.List;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsGroup;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.kernel.LogitsSample;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.LatticeOptions;

/** Float32 kernels on the CPU over the inner loops of a provider. */
public final class FloatKernels implements Kernels {
    public final Operations operations;
    public final Workers workers;
    private final Workspace workspace = new Workspace();
    private final Aside.Room room = new Aside.Room();

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
        return new FloatHead(joint, gradients, operations, workers, workspace, room);
    }

    @Override
    public LogitsGroup logits(List<LogitsMember> members, LatticeOptions options, long limit) {
        return new FloatLogitsGroup(members, options, operations, workers, workspace, limit);
    }

    @Override
    public Scratch logitsScratch(List<List<LogitsMember>> groups, long limit) {
        Workspace.Plan held = new Workspace.Plan();
        Workspace.Plan most = held;
        for (List<LogitsMember> group : groups) {
            held = held.after(LogitsSize.of(group, operations, limit).plan(), limit);
            most = held.bytes() > most.bytes() ? held : most;
        }
        return most.scratch();
    }

    @Override
    public SimpleSample simple(Utterance utterance, SimpleJoiner joiner, LatticeOptions options, long limit) {
        return new FloatSimpleSample(utterance, joiner, options, operations, workers, workspace, limit);
    }

    @Override
    public Scratch simpleScratch(List<Utterance> batch, SimpleJoiner joiner, long limit) {
        Products products = new Products(operations, workers);
        Workspace.Plan held = new Workspace.Plan();
        Workspace.Plan most = held;
        for (Utterance utterance : batch) {
            SimpleSize size = SimpleSize.of(utterance, joiner, operations, products);
            held = held.after(size.plan(size.chunk(limit)), limit);
            most = held.bytes() > most.bytes() ? held : most;
        }
        return most.scratch();
    }

    @Override
    public LogitsSample ctc(CtcUtterance utterance, int blank, long limit) {
        return new FloatCtcSample(utterance, blank, operations, workers, workspace, limit);
    }

    @Override
    public Scratch ctcScratch(List<CtcUtterance> batch, long limit) {
        Workspace.Plan held = new Workspace.Plan();
        Workspace.Plan most = held;
        for (CtcUtterance utterance : batch) {
            held = held.after(FloatCtcSample.plan(utterance, operations), limit);
            most = held.bytes() > most.bytes() ? held : most;
        }
        return most.scratch();
    }

    @Override
    public void clear(Matrix gradient) {
        gradient.clear();
    }

    @Override
    public void scale(Matrix gradient, float factor) {
        Gradients.scale(gradient, factor);
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
        return workspace.meter().peak() + room.bytes();
    }

    @Override
    public void close() {
        workers.close();
    }
}
