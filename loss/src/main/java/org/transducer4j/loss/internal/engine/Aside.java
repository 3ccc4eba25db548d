package org.transducer4j.loss.internal.engine;

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
final class Aside {
    private final float[] room;
    private final List<Member> members = new ArrayList<>();
    private final List<Parameter> moves = new ArrayList<>();
    private int taken;

    /** A group's gradients in this room, which must be large enough for {@link #floats}. */
    Aside(List<Member> group, float[] room) {
        this.room = room;
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
        Arrays.fill(room, 0, taken, 0);
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

    /** Room that a group needs. */
    static long floats(List<Member> group) {
        long floats = 0;
        for (Member member : group) {
            floats += floats(member.utterance().encoder())
                    + floats(member.utterance().predictor());
        }
        return floats;
    }

    private static long floats(Parameter parameter) {
        return parameter.isInPlace()
                ? parameter.value().rows() * parameter.value().columns()
                : 0;
    }

    /** The group with its gradients aside. */
    List<Member> members() {
        return members;
    }

    /** Overwrites the values with their gradients. */
    void moveIntoPlace() {
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
