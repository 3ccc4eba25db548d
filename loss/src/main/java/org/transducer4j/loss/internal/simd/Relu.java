package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** max(0, x) and its derivative. NaN passes. */
final class Relu {
    private Relu() {}

    /** h = max(0, e + p). */
    static void apply(float[] e, int eo, float[] p, int po, float[] h, int ho, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, e, eo + i).add(FloatVector.fromArray(SPECIES, p, po + i));
            x.max(0f).intoArray(h, ho + i);
        }
    }

    /** d = d where h is positive, else 0. */
    static void gradient(float[] h, int ho, float[] d, int offset, int n) {
        for (int i = 0; i < n; i += LANES) {
            var positive = FloatVector.fromArray(SPECIES, h, ho + i).compare(VectorOperators.GT, 0f);
            FloatVector v = FloatVector.fromArray(SPECIES, d, offset + i);
            FloatVector.zero(SPECIES).blend(v, positive).intoArray(d, offset + i);
        }
    }
}
