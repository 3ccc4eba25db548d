package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * tanh in float32: x P(x^2) / Q(x^2) with the coefficients of Eigen's ptanh, x itself where it is small. From 8 on, where
 * float32 has next to nothing between tanh and 1, it is tanh(8).
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as they were published
final class Tanh {
    private static final float SMALL = 4e-4f;
    private static final float LARGE = 7.99881172180175781f;
    private static final FloatVector P1 = FloatVector.broadcast(SPECIES, 4.89352455891786e-3f);
    private static final FloatVector P3 = FloatVector.broadcast(SPECIES, 6.37261928875436e-4f);
    private static final FloatVector P5 = FloatVector.broadcast(SPECIES, 1.48572235717979e-5f);
    private static final FloatVector P7 = FloatVector.broadcast(SPECIES, 5.12229709037114e-8f);
    private static final FloatVector P9 = FloatVector.broadcast(SPECIES, -8.60467152213735e-11f);
    private static final FloatVector P11 = FloatVector.broadcast(SPECIES, 2.00018790482477e-13f);
    private static final FloatVector P13 = FloatVector.broadcast(SPECIES, -2.76076847742355e-16f);
    private static final FloatVector Q0 = FloatVector.broadcast(SPECIES, 4.89352518554385e-3f);
    private static final FloatVector Q2 = FloatVector.broadcast(SPECIES, 2.26843463243900e-3f);
    private static final FloatVector Q4 = FloatVector.broadcast(SPECIES, 1.18534705686654e-4f);
    private static final FloatVector Q6 = FloatVector.broadcast(SPECIES, 1.19825839466702e-6f);

    private Tanh() {}

    /** h = tanh(e + p), vectors of h hStep apart; NaN stays NaN. */
    static void apply(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        for (int i = 0, to = ho; i < n; i += LANES, to += hStep) {
            FloatVector x = FloatVector.fromArray(SPECIES, e, eo + i).add(FloatVector.fromArray(SPECIES, p, po + i));
            FloatVector c = x.blend(LARGE, x.compare(VectorOperators.GT, LARGE));
            c = c.blend(-LARGE, x.lt(-LARGE));
            FloatVector z = c.mul(c);
            FloatVector above = P13.fma(z, P11);
            above = above.fma(z, P9);
            above = above.fma(z, P7);
            above = above.fma(z, P5);
            above = above.fma(z, P3);
            above = above.fma(z, P1);
            FloatVector below = Q6.fma(z, Q4);
            below = below.fma(z, Q2);
            below = below.fma(z, Q0);
            above.mul(c).div(below).blend(x, x.abs().lt(SMALL)).intoArray(h, to);
        }
    }

    /** x += f d (1 - h^2) and y += f d (1 - h^2). */
    static void addGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, h, from + i);
            FloatVector u = FloatVector.fromArray(SPECIES, d, from + i).mul(f);
            FloatVector gradient = u.sub(u.mul(v).mul(v));
            gradient.add(FloatVector.fromArray(SPECIES, x, xo + i)).intoArray(x, xo + i);
            gradient.add(FloatVector.fromArray(SPECIES, y, yo + i)).intoArray(y, yo + i);
        }
    }
}
