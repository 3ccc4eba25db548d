package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
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
    static final float LOG2_E = 1.44269504088896341f;
    static final FloatVector MINUS_LN2_HIGH = FloatVector.broadcast(SPECIES, -0.693359375f);
    static final FloatVector MINUS_LN2_LOW = FloatVector.broadcast(SPECIES, 2.12194440e-4f);
    static final float LOWEST = -87.3f;

    /** 1.5 x 2^23: adding it leaves the nearest integer in the low bits. */
    static final float ROUND = 12582912f;

    static final FloatVector C0 = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
    static final FloatVector C1 = FloatVector.broadcast(SPECIES, 1.3981999507e-3f);
    static final FloatVector C2 = FloatVector.broadcast(SPECIES, 8.3334519073e-3f);
    static final FloatVector C3 = FloatVector.broadcast(SPECIES, 4.1665795894e-2f);
    static final FloatVector C4 = FloatVector.broadcast(SPECIES, 1.6666665459e-1f);
    static final FloatVector C5 = FloatVector.broadcast(SPECIES, 5.0000001201e-1f);

    private Exp() {}

    /**
     * z = exp(z - shift) of n elements, whose vectors are a step apart, for differences up to 88; NaN stays NaN. All in one method: the JIT compiler
     * doesn't always inline helpers that take vectors, and then allocates each.
     *
     * @return their sum
     */
    static float apply(float[] z, int zo, int step, int n, float shift) {
        for (int done = 0, i = zo; done < n; done += LANES, i += step) {
            FloatVector x = FloatVector.fromArray(SPECIES, z, i).sub(shift);
            FloatVector shifted = x.fma(LOG2_E, ROUND);
            FloatVector k = shifted.sub(ROUND);
            FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
            FloatVector y = C0.fma(r, C1);
            y = y.fma(r, C2);
            y = y.fma(r, C3);
            y = y.fma(r, C4);
            y = y.fma(r, C5);
            y = y.fma(r.mul(r), r).add(1f);
            FloatVector scaled = shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .add(y.reinterpretAsInts())
                    .reinterpretAsFloats();
            scaled.blend(0f, x.lt(LOWEST)).intoArray(z, i);
        }
        return Reduce.sum(z, zo, step, n);
    }
}
