package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/** 1 / (1 + exp(-x)) and its derivative, over {@link Exp}. NaN passes. */
final class Sigmoid {
    /** As large as Exp takes it: from there on the result would be subnormal, and this is as near to it. */
    private static final float LARGE = 87;

    private Sigmoid() {}

    /** h = sigmoid(e + p), vectors of h hStep apart. */
    static void apply(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        for (int i = 0, to = ho; i < n; i += LANES, to += hStep) {
            FloatVector x = FloatVector.fromArray(SPECIES, e, eo + i).add(FloatVector.fromArray(SPECIES, p, po + i));
            x.neg().min(LARGE).intoArray(h, to);
        }
        Exp.apply(h, ho, hStep, n, 0);
        for (int i = 0, at = ho; i < n; i += LANES, at += hStep) {
            FloatVector one = FloatVector.broadcast(SPECIES, 1);
            one.div(FloatVector.fromArray(SPECIES, h, at).add(one)).intoArray(h, at);
        }
    }

    /** x += f d h (1 - h) and y += f d h (1 - h). */
    static void addGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, h, from + i);
            FloatVector u = FloatVector.fromArray(SPECIES, d, from + i).mul(f).mul(v);
            FloatVector gradient = u.sub(u.mul(v));
            gradient.add(FloatVector.fromArray(SPECIES, x, xo + i)).intoArray(x, xo + i);
            gradient.add(FloatVector.fromArray(SPECIES, y, yo + i)).intoArray(y, yo + i);
        }
    }
}
