package org.transducer4j.loss.internal.reference;

import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsRows;
import org.transducer4j.loss.kernel.LogitsSample;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;

/** The reference, as a provider. */
final class ReferenceKernels implements Kernels {
    private final ScratchMeter meter = new ScratchMeter();

    @Override
    public Head head(JointNetwork joint, boolean gradients) {
        return new ReferenceHead(joint, meter);
    }

    @Override
    public LogitsSample logits(LogitsRows logits, int[] labels, Band band, LatticeOptions options) {
        return new ReferenceLogitsSample(logits, new ReferenceLattice(band, labels, options), meter);
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
