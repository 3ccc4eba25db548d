package org.transducer4j.loss.internal.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.util.List;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.internal.cpu.Gradients;
import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.LogitsGroup;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.lattice.LatticeOptions;

/** Ready-made logits, in double. */
final class ReferenceLogitsGroup implements LogitsGroup {
    private final List<LogitsMember> members;
    private final ReferenceLattice[] lattices;
    private final ScratchMeter meter;

    ReferenceLogitsGroup(List<LogitsMember> members, LatticeOptions options, ScratchMeter meter) {
        this.members = members;
        this.meter = meter;
        lattices = new ReferenceLattice[members.size()];
        for (int b = 0; b < lattices.length; b++) {
            LogitsMember member = members.get(b);
            lattices[b] = new ReferenceLattice(member.band(), member.labels(), options);
        }
        meter.take(scratch(members).bytes());
    }

    static Scratch scratch(List<LogitsMember> members) {
        long bytes = 0;
        for (LogitsMember member : members) {
            bytes += ReferenceLattice.bytes(member.band());
        }
        return new Scratch(0, 0, bytes, 0, 0);
    }

    private interface NodeTask {
        void run(double[] z, int t, int u);
    }

    /** Runs a task for each node of an utterance, with a copy of its scores. */
    private void forNodes(int utterance, NodeTask task) {
        ReferenceLattice lattice = lattices[utterance];
        LogitsRows logits = members.get(utterance).logits();
        double[] z = new double[logits.vocabulary()];
        for (int t = 0; t < lattice.band.frames(); t++) {
            for (int u = lattice.band.begin(t); u < lattice.band.end(t); u++) {
                long offset = logits.offset(t, u);
                for (int k = 0; k < z.length; k++) {
                    z[k] = logits.data().get(JAVA_FLOAT_UNALIGNED, offset + (long) k * Float.BYTES);
                }
                task.run(z, t, u);
            }
        }
    }

    @Override
    public double[] solve() {
        double[] losses = new double[lattices.length];
        for (int b = 0; b < losses.length; b++) {
            ReferenceLattice lattice = lattices[b];
            boolean logProbabilities = members.get(b).logits().logProbabilities();
            forNodes(b, (z, t, u) -> lattice.score(t, u, z, logProbabilities));
            losses[b] = lattice.solve();
        }
        return losses;
    }

    @Override
    public void backward(List<LogitsRows> gradients, boolean[] take, float scale, float clamp) {
        for (int b = 0; b < lattices.length; b++) {
            ReferenceLattice lattice = lattices[b];
            LogitsRows gradient = gradients.get(b);
            if (!take[b]) {
                Gradients.clearOutside(lattice.band, gradient, true);
                continue;
            }
            boolean logProbabilities = members.get(b).logits().logProbabilities();
            forNodes(b, (z, t, u) -> {
                lattice.differentiate(t, u, z, logProbabilities);
                long offset = gradient.offset(t, u);
                for (int k = 0; k < z.length; k++) {
                    double dz = clamp > 0 ? Math.clamp(z[k], -clamp, clamp) : z[k];
                    gradient.data().set(JAVA_FLOAT_UNALIGNED, offset + (long) k * Float.BYTES, (float) (scale * dz));
                }
            });
            Gradients.clearOutside(lattice.band, gradient, false);
        }
    }

    @Override
    public void close() {
        meter.give(scratch(members).bytes());
    }
}
