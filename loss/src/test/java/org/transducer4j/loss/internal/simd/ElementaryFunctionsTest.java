package org.transducer4j.loss.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Errors in units of the last place of float32 against Math in double, over the range that the loss uses. */
class ElementaryFunctionsTest {
    private static final int LANES = SimdOperations.LANES;

    private interface Function {
        void apply(float[] x, int n);
    }

    private static void exp(float[] x, int n) {
        Exp.apply(x, 0, n, 0);
    }

    private static void tanh(float[] x, int n) {
        Tanh.apply(x, 0, new float[n], 0, x, 0, n);
    }

    private static double worst(Function function, DoubleUnaryOperator truth, float from, float to, int steps) {
        float[] x = new float[LANES];
        double worst = 0;
        for (int i = 0; i < steps; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                x[lane] = from + (to - from) * ((float) (i + lane) / steps);
            }
            float[] y = x.clone();
            function.apply(y, LANES);
            for (int lane = 0; lane < LANES; lane++) {
                double expected = truth.applyAsDouble(x[lane]);
                worst = Math.max(worst, Math.abs(y[lane] - expected) / Math.ulp((float) expected));
            }
        }
        return worst;
    }

    private static float one(Function function, float x) {
        float[] y = new float[LANES];
        y[0] = x;
        function.apply(y, LANES);
        return y[0];
    }

    @Test
    void expIsWithinTwoUlp() {
        double error = worst(ElementaryFunctionsTest::exp, Math::exp, -87.2f, 20, 1_000_000);
        assertTrue(error < 2, error + " ulp");
        assertEquals(0, one(ElementaryFunctionsTest::exp, -1000));
        assertEquals(0, one(ElementaryFunctionsTest::exp, Float.NEGATIVE_INFINITY));
        assertEquals(1, one(ElementaryFunctionsTest::exp, 0));
        assertEquals(Float.NaN, one(ElementaryFunctionsTest::exp, Float.NaN));
    }

    @Test
    void expAddsUp() {
        float[] x = new float[3 * LANES];
        for (int i = 0; i < x.length; i++) {
            x[i] = i * 0.1f;
        }
        float sum = Exp.apply(x, 0, x.length, 0.1f);
        double expected = 0;
        for (int i = 0; i < x.length; i++) {
            expected += x[i];
            assertEquals(Math.exp(i * 0.1 - 0.1), x[i], 1e-6 * x[i]);
        }
        assertEquals(expected, sum, 1e-6 * sum);
    }

    @Test
    void tanhIsWithinFiveUlp() {
        double error = worst(ElementaryFunctionsTest::tanh, Math::tanh, -10, 10, 1_000_000);
        assertTrue(error < 5, error + " ulp");
        double small = worst(ElementaryFunctionsTest::tanh, Math::tanh, -1e-3f, 1e-3f, 100_000);
        assertTrue(small < 5, small + " ulp");
        assertEquals(1, one(ElementaryFunctionsTest::tanh, Float.POSITIVE_INFINITY), 3e-7);
        assertEquals(-1, one(ElementaryFunctionsTest::tanh, Float.NEGATIVE_INFINITY), 3e-7);
        assertEquals(Float.NaN, one(ElementaryFunctionsTest::tanh, Float.NaN));
    }
}
