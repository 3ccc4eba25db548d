package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** log sum exp of a row: the largest score, then the sum of exp(score - largest), lane by lane and then across. */
final class LogSumExp {
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private LogSumExp() {}

    static double apply(float[] z, int zo, int n) {
        float max = max(z, zo, n);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            sum = sum.add(Exp.apply(FloatVector.fromArray(SPECIES, z, zo + i).sub(max)));
        }
        // Half onto half: reduceLanes(ADD) leaves the order open.
        if (LANES >= 16) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (LANES >= 8) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        sum = sum.add(sum.rearrange(BY_2));
        sum = sum.add(sum.rearrange(BY_1));
        return max + Math.log(sum.lane(0));
    }

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane + by) % LANES);
    }

    private static float max(float[] z, int zo, int n) {
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, z, zo + i);
            max = max.blend(x, x.compare(VectorOperators.GT, max)); // NaN shows in the sum
        }
        return max.reduceLanes(VectorOperators.MAX);
    }
}
