package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/** z = occupancy exp(z - lse): the softmax part of the gradient, in place of the logits. */
final class SoftmaxGradient {
    private SoftmaxGradient() {}

    static void apply(float[] z, int zo, int n, float lse, float occupancy) {
        for (int i = 0; i < n; i += LANES) {
            Exp.apply(FloatVector.fromArray(SPECIES, z, zo + i).sub(lse))
                    .mul(occupancy)
                    .intoArray(z, zo + i);
        }
    }
}
