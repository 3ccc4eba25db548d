package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** z = occupancy exp(z - lse): the softmax part of the gradient, in place of the logits. */
final class SoftmaxGradient {
    private SoftmaxGradient() {}

    static void apply(float[] z, int zo, int n, float lse, float occupancy) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            of(FloatVector.fromArray(SPECIES, z, zo + i), lse, occupancy).intoArray(z, zo + i);
        }
        if (i < n) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, n);
            of(FloatVector.fromArray(SPECIES, z, zo + i, rest), lse, occupancy).intoArray(z, zo + i, rest);
        }
    }

    private static FloatVector of(FloatVector z, float lse, float occupancy) {
        return Exp.apply(z.sub(lse)).mul(occupancy);
    }
}
