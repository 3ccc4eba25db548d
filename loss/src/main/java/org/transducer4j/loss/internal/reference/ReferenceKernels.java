package org.transducer4j.loss.internal.reference;

import java.util.Comparator;
import java.util.List;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.cpu.Aside;
import org.transducer4j.loss.internal.cpu.Gradients;
import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsGroup;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.kernel.LogitsSample;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.LatticeOptions;

/** The reference, as a provider. */
final class ReferenceKernels implements Kernels {
    private final ScratchMeter meter = new ScratchMeter();
    private final Aside.Room room = new Aside.Room();

    @Override
    public Head head(JointNetwork joint, boolean gradients) {
        return new ReferenceHead(joint, gradients, meter, room);
    }

    @Override
    public LogitsGroup logits(List<LogitsMember> members, LatticeOptions options, long limit) {
        return new ReferenceLogitsGroup(members, options, meter);
    }

    @Override
    public Scratch logitsScratch(List<List<LogitsMember>> groups, long limit) {
        return groups.stream()
                .map(ReferenceLogitsGroup::scratch)
                .max(Comparator.comparingLong(Scratch::bytes))
                .orElse(Scratch.NONE);
    }

    @Override
    public SimpleSample simple(Utterance utterance, SimpleJoiner joiner, LatticeOptions options, long limit) {
        return new ReferenceSimpleSample(utterance, joiner, options, meter);
    }

    @Override
    public Scratch simpleScratch(List<Utterance> batch, SimpleJoiner joiner, long limit) {
        return batch.stream()
                .map(ReferenceSimpleSample::scratch)
                .max(Comparator.comparingLong(Scratch::bytes))
                .orElse(Scratch.NONE);
    }

    @Override
    public LogitsSample ctc(CtcUtterance utterance, int blank, long limit) {
        return new ReferenceCtcSample(utterance, blank, meter);
    }

    @Override
    public Scratch ctcScratch(List<CtcUtterance> batch, long limit) {
        return batch.stream()
                .map(ReferenceCtcSample::scratch)
                .max(Comparator.comparingLong(Scratch::bytes))
                .orElse(Scratch.NONE);
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
        return 0;
    }

    @Override
    public void resetPeak() {
        meter.reset();
    }

    @Override
    public long peakScratchBytes() {
        return meter.peak() + room.bytes();
    }

    @Override
    public void close() {}
}
