package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * A row of whole vectors, a step apart, to one number. Four vectors become one, and that a number, before the next four: the JIT compiler doesn't always
 * keep a vector in a register from one turn of a loop to the next.
 */
final class Reduce {
    private static final int BUT_SIGN = Integer.MAX_VALUE;
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private Reduce() {}

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.iota(SPECIES, by, 1, true);
    }

    /** The largest of n elements, where none is NaN. Floats are compared as integers, see {@link Rows#maxima}. */
    static float max(float[] z, int zo, int step, int n) {
        int most = Integer.MIN_VALUE;
        int left = n;
        int i = zo;
        for (; left >= 4 * LANES; left -= 4 * LANES, i += 4 * step) {
            IntVector a = FloatVector.fromArray(SPECIES, z, i).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(SPECIES, z, i + step).reinterpretAsInts();
            IntVector c = FloatVector.fromArray(SPECIES, z, i + 2 * step).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(SPECIES, z, i + 3 * step).reinterpretAsInts();
            a = a.lanewise(VectorOperators.ASHR, 31).and(BUT_SIGN).lanewise(VectorOperators.XOR, a);
            b = b.lanewise(VectorOperators.ASHR, 31).and(BUT_SIGN).lanewise(VectorOperators.XOR, b);
            c = c.lanewise(VectorOperators.ASHR, 31).and(BUT_SIGN).lanewise(VectorOperators.XOR, c);
            d = d.lanewise(VectorOperators.ASHR, 31).and(BUT_SIGN).lanewise(VectorOperators.XOR, d);
            most = Math.max(most, a.max(b).max(c.max(d)).reduceLanes(VectorOperators.MAX));
        }
        for (; left > 0; left -= LANES, i += step) {
            IntVector a = FloatVector.fromArray(SPECIES, z, i).reinterpretAsInts();
            a = a.lanewise(VectorOperators.ASHR, 31).and(BUT_SIGN).lanewise(VectorOperators.XOR, a);
            most = Math.max(most, a.reduceLanes(VectorOperators.MAX));
        }
        return Float.intBitsToFloat(((most >> 31) & BUT_SIGN) ^ most);
    }

    /** The sum of n elements, the halves of a vector added to one another until one element is left: reduceLanes leaves the order open. */
    static float sum(float[] z, int zo, int step, int n) {
        float sum = 0;
        int left = n;
        int i = zo;
        for (; left >= 4 * LANES; left -= 4 * LANES, i += 4 * step) {
            FloatVector a = FloatVector.fromArray(SPECIES, z, i);
            FloatVector b = FloatVector.fromArray(SPECIES, z, i + step);
            FloatVector c = FloatVector.fromArray(SPECIES, z, i + 2 * step);
            FloatVector d = FloatVector.fromArray(SPECIES, z, i + 3 * step);
            FloatVector v = a.add(b).add(c.add(d));
            if (LANES > 8) { // known to the compiler
                v = v.add(v.rearrange(BY_8));
            }
            if (LANES > 4) {
                v = v.add(v.rearrange(BY_4));
            }
            v = v.add(v.rearrange(BY_2));
            v = v.add(v.rearrange(BY_1));
            sum += v.lane(0);
        }
        for (; left > 0; left -= LANES, i += step) {
            FloatVector v = FloatVector.fromArray(SPECIES, z, i);
            if (LANES > 8) {
                v = v.add(v.rearrange(BY_8));
            }
            if (LANES > 4) {
                v = v.add(v.rearrange(BY_4));
            }
            v = v.add(v.rearrange(BY_2));
            v = v.add(v.rearrange(BY_1));
            sum += v.lane(0);
        }
        return sum;
    }
}
