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
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, e, eo + i).add(FloatVector.fromArray(SPECIES, p, po + i));
            x.max(0f).intoArray(h, ho + i);
        }
        for (; i < n; i++) {
            h[ho + i] = Math.max(0, e[eo + i] + p[po + i]);
        }
    }

    /** d = d where h is positive, else 0. */
    static void gradient(float[] h, int ho, float[] d, int offset, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var positive = FloatVector.fromArray(SPECIES, h, ho + i).compare(VectorOperators.GT, 0f);
            FloatVector v = FloatVector.fromArray(SPECIES, d, offset + i);
            FloatVector.zero(SPECIES).blend(v, positive).intoArray(d, offset + i);
        }
        for (; i < n; i++) {
            d[offset + i] = h[ho + i] > 0 ? d[offset + i] : 0;
        }
    }
}
