package org.transducer4j.loss.internal.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.LogitsRows;
import org.transducer4j.loss.kernel.LogitsSample;

/** Ready-made logits, in double. */
final class ReferenceLogitsSample implements LogitsSample {
    private final LogitsRows logits;
    private final ReferenceLattice lattice;
    private final ScratchMeter meter;
    private final double[] z;

    ReferenceLogitsSample(LogitsRows logits, ReferenceLattice lattice, ScratchMeter meter) {
        this.logits = logits;
        this.lattice = lattice;
        this.meter = meter;
        z = new double[logits.vocabulary()];
        meter.take(ReferenceLattice.bytes(lattice.band));
    }

    @Override
    public void forward() {
        for (int t = 0; t < lattice.band.frames(); t++) {
            for (int u = lattice.band.begin(t); u < lattice.band.end(t); u++) {
                read(t, u);
                lattice.score(t, u, z, logits.logProbabilities());
            }
        }
    }

    @Override
    public double solve() {
        return lattice.solve();
    }

    @Override
    public void backward(LogitsRows gradient, float scale, float clamp) {
        for (int t = 0; t < lattice.band.frames(); t++) {
            for (int u = lattice.band.begin(t); u < lattice.band.end(t); u++) {
                read(t, u);
                lattice.differentiate(t, u, z, logits.logProbabilities());
                long offset = gradient.offset(t, u);
                for (int k = 0; k < z.length; k++) {
                    double dz = clamp > 0 ? Math.clamp(z[k], -clamp, clamp) : z[k];
                    gradient.data().set(JAVA_FLOAT_UNALIGNED, offset + (long) k * Float.BYTES, (float) (scale * dz));
                }
            }
        }
    }

    @Override
    public void close() {
        meter.give(ReferenceLattice.bytes(lattice.band));
    }

    private void read(int t, int u) {
        long offset = logits.offset(t, u);
        for (int k = 0; k < z.length; k++) {
            z[k] = logits.data().get(JAVA_FLOAT_UNALIGNED, offset + (long) k * Float.BYTES);
        }
    }
}
