package org.transducer4j.loss.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** Errors in units of the last place of float32 against Math in double, over the range that the loss uses. */
class ElementaryFunctionsTest {
    private static final int LANES = SimdOperations.LANES;

    private static double worst(
            UnaryOperator<FloatVector> function, DoubleUnaryOperator truth, float from, float to, int steps) {
        float[] x = new float[LANES];
        float[] y = new float[LANES];
        double worst = 0;
        for (int i = 0; i < steps; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                x[lane] = from + (to - from) * ((float) (i + lane) / steps);
            }
            function.apply(FloatVector.fromArray(SimdOperations.SPECIES, x, 0)).intoArray(y, 0);
            for (int lane = 0; lane < LANES; lane++) {
                double expected = truth.applyAsDouble(x[lane]);
                worst = Math.max(worst, Math.abs(y[lane] - expected) / Math.ulp((float) expected));
            }
        }
        return worst;
    }

    private static float one(UnaryOperator<FloatVector> function, float x) {
        return function.apply(FloatVector.broadcast(SimdOperations.SPECIES, x)).lane(0);
    }

    @Test
    void expIsWithinTwoUlp() {
        double error = worst(Exp::apply, Math::exp, -87.2f, 20, 1_000_000);
        assertTrue(error < 2, error + " ulp");
        assertEquals(0, one(Exp::apply, -1000));
        assertEquals(0, one(Exp::apply, Float.NEGATIVE_INFINITY));
        assertEquals(1, one(Exp::apply, 0));
        assertEquals(Float.NaN, one(Exp::apply, Float.NaN));
    }

    @Test
    void tanhIsWithinFiveUlp() {
        double error = worst(Tanh::of, Math::tanh, -10, 10, 1_000_000);
        assertTrue(error < 5, error + " ulp");
        double small = worst(Tanh::of, Math::tanh, -1e-3f, 1e-3f, 100_000);
        assertTrue(small < 5, small + " ulp");
        assertEquals(1, one(Tanh::of, Float.POSITIVE_INFINITY), 3e-7);
        assertEquals(-1, one(Tanh::of, Float.NEGATIVE_INFINITY), 3e-7);
        assertEquals(Float.NaN, one(Tanh::of, Float.NaN));
    }
}
