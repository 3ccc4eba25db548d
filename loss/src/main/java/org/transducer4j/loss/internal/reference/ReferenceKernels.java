package org.transducer4j.loss.internal.reference;

import java.util.Comparator;
import java.util.List;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
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

    @Override
    public Head head(JointNetwork joint, boolean gradients) {
        return new ReferenceHead(joint, meter);
    }

    @Override
    public LogitsGroup logits(List<LogitsMember> members, LatticeOptions options) {
        return new ReferenceLogitsGroup(members, options, meter);
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
    public double productPeak() {
        return 0;
    }

    @Override
    public void resetPeak() {
        meter.reset();
    }

    @Override
    public long peakScratchBytes() {
        return meter.peak();
    }

    @Override
    public void close() {}
}
