package org.transducer4j.loss.internal.reference;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.internal.cpu.Aside;
import org.transducer4j.loss.internal.cpu.Gradients;
import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.Flight;
import org.transducer4j.loss.kernel.Group;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.LatticeOptions;

/** The joint network in double: weights and the sums of their gradients. */
final class ReferenceHead implements Head {
    final JointNetwork joint;
    final ScratchMeter meter;
    final int vocabulary;
    final int width;
    final double[] weight; // (V, H)
    final double[] bias; // (V)
    final double[] weightGradient; // (V, H)
    final double[] biasGradient; // (V)
    private final boolean gradients;
    private final Aside.Room room;

    ReferenceHead(JointNetwork joint, boolean gradients, ScratchMeter meter, Aside.Room room) {
        this.joint = joint;
        this.gradients = gradients;
        this.room = room;
        this.meter = meter;
        vocabulary = joint.vocabulary();
        width = joint.width();
        weight = doubles(joint.weight().value());
        bias = doubles(joint.bias().value());
        weightGradient = new double[weight.length];
        biasGradient = new double[bias.length];
        meter.take(bytes());
    }

    private long bytes() {
        return 2L * (weight.length + bias.length) * Double.BYTES;
    }

    long groupBytes(List<Member> members, long tileRows) {
        long bytes = tileRows * vocabulary * Double.BYTES;
        for (Member member : members) {
            long inputs = (member.utterance().encoder().value().rows()
                            + member.utterance().predictor().value().rows())
                    * width;
            bytes += ReferenceLattice.bytes(member.band()) + 2 * inputs * Double.BYTES;
        }
        return bytes;
    }

    @Override
    public long scratchBytes(List<Member> members, long tileRows) {
        return bytes() + groupBytes(members, tileRows);
    }

    @Override
    public Scratch peakScratch(List<Flight> flights, long limit) {
        Scratch most = Scratch.NONE;
        for (Flight flight : flights) {
            Scratch held = scratch(flight);
            most = held.bytes() > most.bytes() ? held : most;
        }
        return most;
    }

    private Scratch scratch(Flight flight) {
        long logits = flight.tileRows() * vocabulary * Double.BYTES;
        long lattice = flight.members().stream()
                .mapToLong(member -> ReferenceLattice.bytes(member.band()))
                .sum();
        long inputs = groupBytes(flight.members(), flight.tileRows()) - logits - lattice;
        return new Scratch(logits, 0, lattice, bytes(), inputs);
    }

    @Override
    public int rowsTogether() {
        return 1;
    }

    @Override
    public int maxTileRows() {
        return (Integer.MAX_VALUE - 8) / vocabulary;
    }

    @Override
    public void prepare(List<Member> batch, long bytes) {
        Gradients.clear(batch);
        room.fit(bytes);
    }

    @Override
    public Group begin(List<Member> members, int tileRows, LatticeOptions options, long limit) {
        return new ReferenceGroup(this, members, gradients ? new Aside(members, room) : null, tileRows, options);
    }

    @Override
    public void finish(float factor) {
        add(weightGradient, factor, joint.weight().gradient());
        add(biasGradient, factor, joint.bias().gradient());
    }

    @Override
    public void close() {
        meter.give(bytes());
    }

    static double[] doubles(Matrix matrix) {
        double[] values = new double[Math.toIntExact(matrix.rows() * matrix.columns())];
        for (int i = 0; i < values.length; i++) {
            values[i] = matrix.get(i / matrix.columns(), i % matrix.columns());
        }
        return values;
    }

    static void write(double[] gradient, @Nullable Matrix to) {
        if (to != null) {
            for (int i = 0; i < gradient.length; i++) {
                to.set(i / to.columns(), i % to.columns(), (float) gradient[i]);
            }
        }
    }

    static void add(double[] gradient, double factor, @Nullable Matrix to) {
        if (to != null) {
            for (int i = 0; i < gradient.length; i++) {
                int row = i / to.columns();
                int column = i % to.columns();
                to.set(row, column, (float) (to.get(row, column) + factor * gradient[i]));
            }
        }
    }
}
