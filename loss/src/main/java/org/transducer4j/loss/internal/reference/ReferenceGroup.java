package org.transducer4j.loss.internal.reference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.cpu.Aside;
import org.transducer4j.loss.kernel.Group;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.LatticeOptions;

/** h = f(e + p), z = W h + b, the lattice, and the chain rule back, node by node. */
final class ReferenceGroup implements Group {
    private final ReferenceHead head;
    private final @Nullable Aside aside;
    private final List<Sample> samples = new ArrayList<>();
    private final double[] tile; // (rows, V)
    private final long bytes;
    private double floor;

    /** A member with its inputs and their gradients in double. */
    private static final class Sample {
        final Member member;
        final long firstRow;
        final ReferenceLattice lattice;
        final double[] e; // (T, H)
        final double[] p; // (U+1, H)
        final double[] encoderGradient;
        final double[] predictorGradient;
        boolean taken = true;

        Sample(Member member, long firstRow, LatticeOptions options) {
            this.member = member;
            this.firstRow = firstRow;
            Utterance utterance = member.utterance();
            lattice = new ReferenceLattice(member.band(), utterance.labels(), options);
            e = ReferenceHead.doubles(utterance.encoder().value());
            p = ReferenceHead.doubles(utterance.predictor().value());
            encoderGradient = new double[e.length];
            predictorGradient = new double[p.length];
        }
    }

    ReferenceGroup(
            ReferenceHead head, List<Member> taken, @Nullable Aside aside, int tileRows, LatticeOptions options) {
        this.head = head;
        this.aside = aside;
        List<Member> members = aside == null ? taken : aside.members();
        tile = new double[tileRows * head.vocabulary];
        long row = 0;
        for (Member member : members) {
            samples.add(new Sample(member, row, options));
            row += member.rows().nodes();
        }
        bytes = head.groupBytes(members, tileRows);
        head.meter.take(bytes);
    }

    private interface RowTask {
        void run(Sample sample, int t, int u, int offset);
    }

    /** Padding has no node: it is of no use here, and the reference has no speed to compare. */
    private void forNodes(long firstRow, int rows, RowTask task) {
        for (Sample sample : samples) {
            long from = Math.max(firstRow, sample.firstRow);
            long to = Math.min(
                    firstRow + rows, sample.firstRow + sample.member.rows().nodes());
            for (long row = from; row < to; row++) {
                long local = row - sample.firstRow;
                int t = sample.member.rows().frame(local);
                int u = (int) (local - sample.member.rows().row(t))
                        + sample.member.rows().begin(t);
                if (sample.lattice.band.contains(t, u)) {
                    task.run(sample, t, u, (int) (row - firstRow) * head.vocabulary);
                }
            }
        }
    }

    private boolean kept(Sample sample, int t, int u) {
        return sample.taken && (floor == 0 || sample.lattice.occupancy(t, u) > floor);
    }

    @Override
    public void forward(long firstRow, int rows) {
        double[] z = new double[head.vocabulary];
        forNodes(firstRow, rows, (sample, t, u, offset) -> {
            logits(sample, t, u, z);
            System.arraycopy(z, 0, tile, offset, z.length);
            sample.lattice.score(t, u, z, false);
        });
    }

    @Override
    public double[] solve() {
        return samples.stream().mapToDouble(sample -> sample.lattice.solve()).toArray();
    }

    @Override
    public List<BestPath> bestPaths() {
        return samples.stream().map(sample -> sample.lattice.bestPath()).toList();
    }

    @Override
    public List<Posteriors> posteriors() {
        return samples.stream().map(sample -> sample.lattice.posteriors()).toList();
    }

    @Override
    public Kept keep(double floor, boolean[] take) {
        this.floor = floor;
        long rows = 0;
        double leftOut = 0;
        for (int i = 0; i < take.length; i++) {
            Sample sample = samples.get(i);
            sample.taken = take[i];
            for (int t = 0; t < sample.lattice.band.frames() && take[i]; t++) {
                for (int u = sample.lattice.band.begin(t); u < sample.lattice.band.end(t); u++) {
                    if (kept(sample, t, u)) {
                        rows++;
                    } else {
                        leftOut += sample.lattice.occupancy(t, u);
                    }
                }
            }
        }
        return new Kept(rows, leftOut);
    }

    @Override
    public int again(long firstRow, int rows) {
        double[] z = new double[head.vocabulary];
        forNodes(firstRow, rows, (sample, t, u, offset) -> {
            logits(sample, t, u, z);
            System.arraycopy(z, 0, tile, offset, z.length);
        });
        return rows;
    }

    @Override
    public void backward(long firstRow, int rows, float clamp) {
        double[] dz = new double[head.vocabulary];
        forNodes(firstRow, rows, (sample, t, u, offset) -> {
            if (!kept(sample, t, u)) {
                return;
            }
            System.arraycopy(tile, offset, dz, 0, dz.length);
            sample.lattice.differentiate(t, u, dz, false);
            double[] h = hidden(sample, t, u);
            double[] dh = new double[head.width];
            for (int v = 0; v < dz.length; v++) {
                double g = clamp > 0 ? Math.clamp(dz[v], -clamp, clamp) : dz[v];
                head.biasGradient[v] += g;
                for (int i = 0; i < head.width; i++) {
                    head.weightGradient[v * head.width + i] += g * h[i];
                    dh[i] += g * head.weight[v * head.width + i];
                }
            }
            for (int i = 0; i < head.width; i++) {
                double da = dh[i] * head.joint.activation().derivative(h[i]);
                sample.encoderGradient[t * head.width + i] += da;
                sample.predictorGradient[u * head.width + i] += da;
            }
        });
    }

    private void logits(Sample sample, int t, int u, double[] z) {
        double[] h = hidden(sample, t, u);
        for (int v = 0; v < z.length; v++) {
            double sum = head.bias[v];
            for (int i = 0; i < head.width; i++) {
                sum += head.weight[v * head.width + i] * h[i];
            }
            z[v] = sum;
        }
    }

    private double[] hidden(Sample sample, int t, int u) {
        double[] h = new double[head.width];
        for (int i = 0; i < head.width; i++) {
            double a = sample.e[t * head.width + i] + sample.p[u * head.width + i];
            h[i] = head.joint.activation().apply(a);
        }
        return h;
    }

    @Override
    public void finish() {
        for (Sample sample : samples) {
            if (sample.taken) {
                ReferenceHead.add(
                        sample.encoderGradient,
                        1,
                        sample.member.utterance().encoder().gradient());
                ReferenceHead.add(
                        sample.predictorGradient,
                        1,
                        sample.member.utterance().predictor().gradient());
            }
        }
        if (aside != null) {
            aside.moveIntoPlace();
        }
    }

    @Override
    public void close() {
        head.meter.give(bytes);
    }
}
