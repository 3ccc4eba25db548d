package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.Exp.splat;
import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * tanh in float32: below 0.625 the odd polynomial of Cephes' tanhf, above it 1 - 2 / (exp(2x) + 1), and 1 from 9.1 on,
 * where float32 has nothing between.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as they were published
final class Tanh {
    private static final float SMALL = 0.625f;
    private static final float LARGE = 9.1f;
    private static final float C0 = -5.70498872745e-3f;
    private static final float C1 = 2.06390887954e-2f;
    private static final float C2 = -5.37397155531e-2f;
    private static final float C3 = 1.33314422036e-1f;
    private static final float C4 = -3.33332819422e-1f;

    private Tanh() {}

    /** h = tanh(e + p). */
    static void apply(float[] e, int eo, float[] p, int po, float[] h, int ho, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, e, eo + i).add(FloatVector.fromArray(SPECIES, p, po + i));
            of(x).intoArray(h, ho + i);
        }
        if (i < n) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, n);
            FloatVector x = FloatVector.fromArray(SPECIES, e, eo + i, rest)
                    .add(FloatVector.fromArray(SPECIES, p, po + i, rest));
            of(x).intoArray(h, ho + i, rest);
        }
    }

    static FloatVector of(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector power = Exp.apply(magnitude
                .blend(LARGE, magnitude.compare(VectorOperators.GT, LARGE))
                .mul(2f));
        FloatVector large = splat(1f).sub(splat(2f).div(power.add(1f)));
        large = large.blend(large.neg(), x.lt(0f));
        FloatVector z = x.mul(x);
        FloatVector small = z.fma(splat(C0), splat(C1));
        small = small.fma(z, splat(C2));
        small = small.fma(z, splat(C3));
        small = small.fma(z, splat(C4));
        small = small.mul(z).fma(x, x);
        return large.blend(small, magnitude.lt(SMALL));
    }

    /** d = d (1 - h^2). */
    static void gradient(float[] h, int ho, float[] d, int offset, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, h, ho + i);
            FloatVector slope = splat(1f).sub(v.mul(v));
            FloatVector.fromArray(SPECIES, d, offset + i).mul(slope).intoArray(d, offset + i);
        }
        for (; i < n; i++) {
            d[offset + i] *= 1 - h[ho + i] * h[ho + i];
        }
    }
}
