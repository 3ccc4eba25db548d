package org.transducer4j.loss.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.internal.cpu.Operations;

/** Errors in units of the last place against Math in double, over the range that the loss uses. */
class ElementaryFunctionsTest {
    private static final int LANES = SimdOperations.LANES;

    private interface Function {
        void apply(float[] x, int n);
    }

    private static void exp(float[] x, int n) {
        Exp.apply(x, 0, LANES, n, 0);
    }

    private static void tanh(float[] x, int n) {
        Tanh.apply(x, 0, new float[n], 0, x, 0, LANES, n);
    }

    private static void sigmoid(float[] x, int n) {
        Sigmoid.apply(x, 0, new float[n], 0, x, 0, LANES, n);
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
        for (int step : new int[] {LANES, 3 * LANES}) {
            float[] x = new float[3 * step];
            for (int i = 0; i < x.length; i++) {
                x[i] = i * 0.1f;
            }
            float sum = Exp.apply(x, 0, step, 3 * LANES, 0.1f);
            double expected = 0;
            for (int i = 0; i < x.length; i++) {
                if (i % step < LANES) {
                    expected += x[i];
                    assertEquals(Math.exp(i * 0.1 - 0.1), x[i], 1e-6 * x[i]);
                } else {
                    assertEquals(i * 0.1f, x[i]);
                }
            }
            assertEquals(expected, sum, 1e-6 * sum);
        }
    }

    /** Rows of all lengths, the largest element in each place, with numbers of both signs and infinities. */
    @Test
    void rowsAreReducedWhole() {
        Random random = new Random(2);
        for (int n = LANES; n <= 9 * LANES; n += LANES) {
            reduce(random, n, LANES);
            reduce(random, n, 5 * LANES);
        }
    }

    private static void reduce(Random random, int n, int step) {
        float[] z = new float[n / LANES * step + 2];
        Arrays.fill(z, 1e9f);
        int[] at = new int[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            at[i] = 1 + i / LANES * step + i % LANES;
            z[at[i]] = (float) random.nextGaussian();
            sum += z[at[i]];
        }
        assertEquals(sum, Reduce.sum(z, 1, step, n), 1e-5 * n);
        for (float offset : new float[] {0, -100}) {
            for (int i : at) {
                z[i] = (float) random.nextGaussian() + offset;
            }
            for (int place : at) {
                float before = z[place];
                z[place] = offset + 50;
                assertEquals(offset + 50, Reduce.max(z, 1, step, n));
                z[place] = Float.NEGATIVE_INFINITY;
                assertTrue(Reduce.max(z, 1, step, n) < offset + 50);
                z[place] = before;
            }
        }
        for (int i : at) {
            z[i] = Float.NEGATIVE_INFINITY;
        }
        assertEquals(Float.NEGATIVE_INFINITY, Reduce.max(z, 1, step, n));
        z[at[n - 1]] = Float.NaN;
        assertEquals(Float.NaN, Reduce.sum(z, 1, step, n));
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

    @Test
    void sigmoidIsWithinThreeUlp() {
        double error = worst(ElementaryFunctionsTest::sigmoid, Activation.SIGMOID::apply, -86.9f, 30, 1_000_000);
        assertTrue(error < 3, error + " ulp");
        assertEquals(1, one(ElementaryFunctionsTest::sigmoid, Float.POSITIVE_INFINITY));
        assertEquals(0, one(ElementaryFunctionsTest::sigmoid, Float.NEGATIVE_INFINITY), 2e-38);
        assertEquals(Float.NaN, one(ElementaryFunctionsTest::sigmoid, Float.NaN));
    }

    /** What a node gets from two others of score 0 by a blank of log-probability 0 and a label of log-probability x: log(1 + e^x). */
    private static double logOnePlusExp(float x) {
        double[] alpha = new double[2 + 2 * LANES];
        float[] blank = new float[2 + LANES];
        float[] label = new float[2 + LANES];
        label[0] = x;
        LatticeWave.forward(alpha, blank, label, 1, 2, 1);
        return alpha[2];
    }

    @Test
    void logOnePlusExpIsWithinFiveUlp() {
        double worst = 0;
        for (int i = 0; i < 300_000; i++) {
            // Fine steps where both terms count, coarse ones down to where exp is all that is left.
            float x = i < 200_000 ? -i * 2e-4f : -40 - (i - 200_000) * 668e-5f;
            double expected = Math.log1p(Math.exp(x));
            worst = Math.max(worst, Math.abs(logOnePlusExp(x) - expected) / Math.ulp(expected));
        }
        assertTrue(worst < 5, worst + " ulp");
        assertEquals(Math.log(2), logOnePlusExp(0), 5 * Math.ulp(Math.log(2)));
        assertEquals(0, logOnePlusExp(-800));
        assertEquals(0, logOnePlusExp(Float.NEGATIVE_INFINITY));
        assertEquals(5, logOnePlusExp(5), 7e-3); // the other way round
        assertEquals(Double.NaN, logOnePlusExp(Float.NaN));
    }

    /** The recursions of CTC. */
    @Test
    void sumsAndPosteriorsOfScoresAreThoseInDouble() {
        Random random = new Random(3);
        for (int n = LANES; n <= 4 * LANES; n += LANES) {
            double[] x = random.doubles(n + 1, -800, 0).toArray();
            double[] y = random.doubles(n + 2, -800, 0).toArray();
            x[1] = Double.NEGATIVE_INFINITY;
            x[2] = Operations.NEVER;
            y[4] = Double.NEGATIVE_INFINITY; // beside x[3]
            y[3] = Operations.NEVER; // beside x[2]
            double[] z = new double[n + 3];
            float[] p = new float[n + 1];
            LatticeWave.logAdd(x, 1, y, 2, z, 3, n);
            LatticeWave.posteriors(x, 1, y, 2, -700, p, 1, n);
            assertEquals(y[2], z[3]);
            assertEquals(Operations.NEVER, z[4]);
            assertEquals(x[3], z[5]);
            for (int i = 0; i < n; i++) {
                double a = x[1 + i];
                double b = y[2 + i];
                double expected = Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
                if (i > 2) {
                    assertEquals(expected, z[3 + i], 2e-15 * Math.abs(expected));
                }
                float posterior = (float) Math.exp(a + b + 700);
                assertEquals(posterior, p[1 + i], 1e-12 * posterior + Math.ulp(posterior));
            }
        }
    }

    @Test
    void whatIsNeverReachedStaysSo() {
        double[] alpha = new double[2 + 2 * LANES];
        alpha[0] = Operations.NEVER;
        alpha[1] = Operations.NEVER;
        float[] edges = new float[2 + LANES];
        edges[0] = Float.NEGATIVE_INFINITY;
        edges[1] = -3;
        LatticeWave.forward(alpha, edges, edges, 1, 2, 1);
        assertEquals(Operations.NEVER, alpha[2]);
    }

    /** Waves of all lengths, at the end of which nothing but the wave may change. */
    @Test
    void posteriorsAreWithinAnUlpAndStayInTheirWave() {
        Random random = new Random(1);
        for (int n = 1; n < 3 * LANES; n++) {
            double[] alpha = new double[n + LANES];
            double[] beta = new double[n + 2 + LANES];
            float[] blank = new float[n + LANES];
            float[] label = new float[n + LANES];
            for (int i = 0; i < blank.length; i++) {
                alpha[i] = -300 + 10 * random.nextGaussian();
                blank[i] = (float) random.nextGaussian() - 40;
                label[i] = i % 7 == 3 ? Float.NEGATIVE_INFINITY : (float) random.nextGaussian() - 40;
            }
            for (int i = 0; i < beta.length; i++) {
                beta[i] = 10 * random.nextGaussian();
            }
            double[] after = beta.clone();
            float[] blanks = blank.clone();
            float[] labels = label.clone();
            LatticeWave.backward(alpha, blanks, labels, 0, after, 0, n, -340);
            for (int i = 0; i < blank.length; i++) {
                double viaBlank = beta[i] + blank[i];
                double viaLabel = beta[i + 1] + label[i];
                double max = Math.max(viaBlank, viaLabel);
                float p = i < n ? (float) Math.exp(alpha[i] + 340 + viaBlank) : blank[i];
                float q = i < n ? (float) Math.exp(alpha[i] + 340 + viaLabel) : label[i];
                assertEquals(p, blanks[i], Math.ulp(p));
                assertEquals(q, labels[i], q == Float.NEGATIVE_INFINITY ? 0 : Math.ulp(q));
                if (i < n) {
                    double sum = max + Math.log1p(Math.exp(Math.min(viaBlank, viaLabel) - max));
                    assertEquals(sum, after[i], 2 * Math.ulp(sum));
                }
            }
        }
    }
}
