package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** log sum exp of a row: the largest score, then the sum of exp(score - largest), lane by lane and then across. */
final class LogSumExp {
    private static final List<VectorShuffle<Float>> HALVES = halves();

    private LogSumExp() {}

    static double apply(float[] z, int zo, int n) {
        float max = max(z, zo, n);
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            sum = sum.add(Exp.apply(FloatVector.fromArray(SPECIES, z, zo + i).sub(max)));
        }
        if (i < n) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, n);
            FloatVector x = FloatVector.fromArray(SPECIES, z, zo + i, rest).sub(max);
            sum = sum.add(Exp.apply(x).blend(0f, rest.not()));
        }
        return max + Math.log(sum(sum));
    }

    /** Lanes in a fixed order, half onto half: reduceLanes(ADD) leaves the order open. */
    private static float sum(FloatVector x) {
        for (VectorShuffle<Float> half : HALVES) {
            x = x.add(x.rearrange(half));
        }
        return x.lane(0);
    }

    private static List<VectorShuffle<Float>> halves() {
        List<VectorShuffle<Float>> halves = new ArrayList<>();
        for (int width = LANES / 2; width > 0; width /= 2) {
            int by = width;
            halves.add(VectorShuffle.fromOp(SPECIES, lane -> (lane + by) % LANES));
        }
        return halves;
    }

    private static float max(float[] z, int zo, int n) {
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            max = max.max(FloatVector.fromArray(SPECIES, z, zo + i));
        }
        float result = max.reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            result = Math.max(result, z[zo + i]);
        }
        return result;
    }
}
