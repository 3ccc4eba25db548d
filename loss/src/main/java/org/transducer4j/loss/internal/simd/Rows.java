package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows that need not end where a vector does, many in a call: where V is small, calls would take longer than the rows. A row's last
 * vector reaches into the next row.
 */
final class Rows {
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final IntVector LEAST = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    private static final IntVector COUNT = IntVector.zero(INTS).addIndex(1);
    private static final int BUT_SIGN = Integer.MAX_VALUE;

    private Rows() {}

    /**
     * The largest of each row, where none is NaN. Floats whose bits are turned over where they are negative compare as integers do, and
     * the largest integer takes a third of the instructions, as there is no NaN and no -0 to heed.
     */
    static void maxima(float[] z, int zo, int length, int rows, float[] max, int mo) {
        for (int r = 0; r < rows; r++) {
            int row = zo + r * length;
            int most = Integer.MIN_VALUE;
            for (int i = 0; i < length; i += LANES) {
                IntVector x = FloatVector.fromArray(SPECIES, z, row + i).reinterpretAsInts();
                IntVector ordered =
                        x.lanewise(VectorOperators.ASHR, 31).and(BUT_SIGN).lanewise(VectorOperators.XOR, x);
                most = Math.max(most, LEAST.blend(ordered, COUNT.lt(length - i)).reduceLanes(VectorOperators.MAX));
            }
            max[mo + r] = Float.intBitsToFloat(((most >> 31) & BUT_SIGN) ^ most);
        }
    }

    /** y = factor exp(z - shift), see {@link Exp}; what a row writes into the next one, that overwrites. */
    static void exponentials(
            float[] z, int zo, int length, int rows, float[] shift, int so, float[] factor, int fo, float[] y, int yo) {
        for (int r = 0; r < rows; r++) {
            int row = r * length;
            for (int i = row; i < row + length; i += LANES) {
                FloatVector x = FloatVector.fromArray(SPECIES, z, zo + i).sub(shift[so + r]);
                FloatVector shifted = x.fma(Exp.LOG2_E, Exp.ROUND);
                FloatVector k = shifted.sub(Exp.ROUND);
                FloatVector d = k.fma(Exp.MINUS_LN2_LOW, k.fma(Exp.MINUS_LN2_HIGH, x));
                FloatVector e = Exp.C0.fma(d, Exp.C1);
                e = e.fma(d, Exp.C2);
                e = e.fma(d, Exp.C3);
                e = e.fma(d, Exp.C4);
                e = e.fma(d, Exp.C5);
                e = e.fma(d.mul(d), d).add(1f);
                FloatVector scaled = shifted.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .add(e.reinterpretAsInts())
                        .reinterpretAsFloats();
                scaled.blend(0f, x.lt(Exp.LOWEST)).mul(factor[fo + r]).intoArray(y, yo + i);
            }
        }
    }
}
