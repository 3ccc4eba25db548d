package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** max(0, x) and its derivative. NaN passes. */
final class Relu {
    private Relu() {}

    /** h = max(0, e + p), vectors of h hStep apart. */
    static void apply(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        for (int i = 0, to = ho; i < n; i += LANES, to += hStep) {
            FloatVector x = FloatVector.fromArray(SPECIES, e, eo + i).add(FloatVector.fromArray(SPECIES, p, po + i));
            x.max(0f).intoArray(h, to);
        }
    }

    /** x += f d and y += f d where h is positive. */
    static void addGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            var positive = FloatVector.fromArray(SPECIES, h, from + i).compare(VectorOperators.GT, 0f);
            FloatVector v = FloatVector.fromArray(SPECIES, d, from + i).mul(f);
            FloatVector gradient = FloatVector.zero(SPECIES).blend(v, positive);
            gradient.add(FloatVector.fromArray(SPECIES, x, xo + i)).intoArray(x, xo + i);
            gradient.add(FloatVector.fromArray(SPECIES, y, yo + i)).intoArray(y, yo + i);
        }
    }
}
