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

    private static final FloatVector C1 = FloatVector.broadcast(SPECIES, 1.3981999507e-3f);
    private static final FloatVector C2 = FloatVector.broadcast(SPECIES, 8.3334519073e-3f);
    private static final FloatVector C3 = FloatVector.broadcast(SPECIES, 4.1665795894e-2f);
    private static final FloatVector C4 = FloatVector.broadcast(SPECIES, 1.6666665459e-1f);
    private static final FloatVector C5 = FloatVector.broadcast(SPECIES, 5.0000001201e-1f);

    private Exp() {}

    /** exp of each lane, for x up to 88; NaN stays NaN. */
    static FloatVector apply(FloatVector x) {
        FloatVector shifted = x.fma(LOG2_E, ROUND);
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
        FloatVector y = FloatVector.broadcast(SPECIES, 1.9875691500e-4f).fma(r, C1);
        y = y.fma(r, C2);
        y = y.fma(r, C3);
        y = y.fma(r, C4);
        y = y.fma(r, C5);
        y = y.fma(r.mul(r), r).add(1f);
        FloatVector scaled = shifted.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(y.reinterpretAsInts())
                .reinterpretAsFloats();
        return scaled.blend(0f, x.lt(LOWEST));
    }
}
