package org.transducer4j.loss.internal.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.kernel.Member;

/**
 * Gradients that take the place of their values ({@link Parameter#inPlace}). A frame's encoder output is read as long as any of its rows has a backward pass to come, in
 * this tile or, as tiles cut frames in two, in the next. So a group's gradients gather aside, and move into place when the group is done.
 */
public final class Aside {
    private final float[] room;
    private final List<Member> members = new ArrayList<>();
    private final List<Parameter> moves = new ArrayList<>();
    private int taken;

    /** Where gradients gather, from one batch to the next. */
    public static final class Room {
        private float[] floats = {};

        /** Makes it so large: what a batch doesn't need belongs to others. */
        public void fit(long bytes) {
            int length = Math.toIntExact(bytes / Float.BYTES);
            if (floats.length != length) {
                floats = new float[length];
            }
        }

        /** What it holds. */
        public long bytes() {
            return (long) floats.length * Float.BYTES;
        }
    }

    /** A group's gradients in a room that is large enough for them. */
    public Aside(List<Member> group, Room room) {
        this.room = room.floats;
        for (Member member : group) {
            Utterance utterance = member.utterance();
            if (utterance.encoder().isInPlace() || utterance.predictor().isInPlace()) {
                Utterance turned = new Utterance(
                        utterance.name(), turn(utterance.encoder()), turn(utterance.predictor()), utterance.labels());
                members.add(new Member(turned, member.band(), member.rows()));
            } else {
                members.add(member);
            }
        }
        Arrays.fill(this.room, 0, taken, 0);
    }

    private Parameter turn(Parameter parameter) {
        if (!parameter.isInPlace()) {
            return parameter;
        }
        Matrix value = parameter.value();
        int length = Math.toIntExact(value.rows() * value.columns());
        MemorySegment segment =
                MemorySegment.ofArray(room).asSlice((long) taken * Float.BYTES, (long) length * Float.BYTES);
        taken += length;
        Parameter turned = new Parameter(value, new Matrix(segment, value.rows(), value.columns()));
        moves.add(turned);
        return turned;
    }

    /** The group with its gradients aside. */
    public List<Member> members() {
        return members;
    }

    /** Overwrites the values with their gradients. */
    public void moveIntoPlace() {
        float[] row = {};
        for (Parameter move : moves) {
            Matrix gradient = move.gradient();
            if (gradient != null) {
                row = row.length == gradient.columns() ? row : new float[gradient.columns()];
                for (long r = 0; r < gradient.rows(); r++) {
                    gradient.read(r, row, 0);
                    move.value().write(r, row, 0);
                }
            }
        }
    }
}
