package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * exp in float32. x = n ln 2 + r, |r| <= ln(2)/2; exp(r) by the polynomial of Cephes' expf; 2^n by way of the exponent
 * bits. Below -87.3, where results would be subnormal, it is 0. Our own and not {@code lanewise(EXP)}: that calls
 * another routine in compiled than in interpreted code, and bits would depend on when the JIT compiler comes round.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as they were published
final class Exp {
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float LOWEST = -87.3f;

    /** 1.5 x 2^23: adding it leaves the nearest integer in the low bits. */
    private static final float ROUND = 12582912f;

    private static final float C0 = 1.9875691500e-4f;
    private static final float C1 = 1.3981999507e-3f;
    private static final float C2 = 8.3334519073e-3f;
    private static final float C3 = 4.1665795894e-2f;
    private static final float C4 = 1.6666665459e-1f;
    private static final float C5 = 5.0000001201e-1f;

    private Exp() {}

    /** exp of each lane, for x up to 88; NaN stays NaN. */
    static FloatVector apply(FloatVector x) {
        FloatVector shifted = x.fma(splat(LOG2_E), splat(ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(splat(-LN2_HIGH), x);
        r = n.fma(splat(-LN2_LOW), r);
        FloatVector y = r.fma(splat(C0), splat(C1));
        y = y.fma(r, splat(C2));
        y = y.fma(r, splat(C3));
        y = y.fma(r, splat(C4));
        y = y.fma(r, splat(C5));
        y = y.fma(r.mul(r), r).add(1f);
        FloatVector scaled = shifted.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(y.reinterpretAsInts())
                .reinterpretAsFloats();
        return scaled.blend(0f, x.lt(LOWEST));
    }

    static FloatVector splat(float x) {
        return FloatVector.broadcast(SPECIES, x);
    }
}
