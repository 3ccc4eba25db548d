package org.transducer4j.loss.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.OwnJvm;
import org.transducer4j.loss.internal.cpu.Operations;

/** Kernels of each vector width against plain sums, in a JVM of its own: a species is fixed when the class loads. */
class VectorWidthTest {
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void kernelsAgreeWithPlainSums(int bits) throws Exception {
        String said = OwnJvm.run(VectorWidthTest.class, List.of("-Dorg.transducer4j.vectorBits=" + bits));
        assertEquals(bits + " bits: ok", said.substring(said.lastIndexOf('\n') + 1));
    }

    /** In the other JVM. */
    public static void main(String[] args) {
        Operations operations = new SimdOperations();
        blocks(operations);
        outerProducts(operations);
        waves(operations);
        frames(operations);
        System.out.println(SimdOperations.vectorBits() + " bits: ok");
    }

    /** A step there and back in a lattice, of 11 nodes. */
    private static void waves(Operations operations) {
        int n = 11;
        double[] alpha = new double[2 * n + operations.lanes()];
        float[] blank = new float[alpha.length];
        float[] label = new float[alpha.length];
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = -i;
            blank[i] = -0.5f;
            label[i] = -2;
        }
        operations.forward(alpha, blank, label, 1, n, n - 1);
        double[] beta = new double[n + 2 + operations.lanes()];
        double sum = Math.log(Math.exp(-0.5) + Math.exp(-2));
        for (int i = 0; i < n - 1; i++) {
            check(Math.log(Math.exp(-i - 1.5) + Math.exp(-i - 2)), alpha[n + i]);
        }
        operations.backward(alpha, blank, label, 0, beta, 0, n, -3);
        for (int i = 0; i < n; i++) {
            check(sum, beta[i]);
            check(Math.exp(-i + 3 - 0.5), blank[i]);
            check(Math.exp(-i + 3 - 2), label[i]);
        }
        check(-0.5, blank[n]);
        check(-2, label[n]);
    }

    /** A log-sum and the posteriors of a frame of CTC, of 11 states. */
    private static void frames(Operations operations) {
        int n = 11;
        double[] x = new double[n + operations.lanes()];
        double[] y = new double[x.length];
        double[] z = new double[x.length];
        float[] posteriors = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = -i;
            y[i] = -0.5 * i - 1;
        }
        operations.logAdd(x, 0, y, 0, z, 0, n);
        operations.posteriors(x, 0, y, 0, -3, posteriors, 0, n);
        for (int i = 0; i < n; i++) {
            check(Math.log(Math.exp(x[i]) + Math.exp(y[i])), z[i]);
            check(Math.exp(x[i] + y[i] + 3), posteriors[i]);
        }
    }

    private static void check(double expected, double actual) {
        if (!(Math.abs(expected - actual) <= 1e-6 * Math.abs(expected))) {
            throw new AssertionError(expected + " expected, not " + actual);
        }
    }

    private static float[] random(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextFloat() - 0.5f;
        }
        return x;
    }

    private static void check(String what, double expected, float actual) {
        if (!(Math.abs(expected - actual) < 1e-5)) {
            throw new AssertionError(what + ": " + expected + " expected, not " + actual);
        }
    }

    /** Blocks of odd depths, stored and added. */
    private static void blocks(Operations operations) {
        int strip = operations.strip();
        int rows = operations.blockRows();
        int lanes = operations.lanes();
        Random random = new Random(1);
        for (int vectors : new int[] {operations.wide(), operations.narrow()}) {
            for (int depth : new int[] {1, 2, lanes - 1, lanes, lanes + 1, 5 * lanes + 3}) {
                float[] a = random(random, (depth + lanes - 1) / lanes * lanes * strip);
                int panel = vectors * lanes;
                float[] b = random(random, depth * panel);
                int ldc = lanes + 2;
                int cVector = rows * ldc + 1;
                float[] c = new float[vectors * cVector];
                operations.block(a, 0, b, 0, depth, vectors, c, 0, cVector, ldc, false);
                operations.block(a, 0, b, 0, depth, vectors, c, 0, cVector, ldc, true);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < vectors * lanes; j++) {
                        double sum = 0;
                        for (int k = 0; k < depth; k++) {
                            sum += (double) a[k / lanes * strip * lanes + i * lanes + k % lanes] * b[k * panel + j];
                        }
                        float is = c[i * ldc + j / lanes * cVector + j % lanes];
                        check("depth " + depth + ", element " + i + "," + j, 2 * sum, is);
                    }
                }
            }
        }
    }

    /** Outer products of as many rows as fill strips, or not, from each place in a vector. */
    private static void outerProducts(Operations operations) {
        int strip = operations.strip();
        int lanes = operations.lanes();
        int high = operations.outerRows();
        Random random = new Random(2);
        for (int vectors : new int[] {operations.wide(), operations.narrow()}) {
            for (int rows : new int[] {1, strip - 1, strip, 3 * strip + 1}) {
                for (int first = 0; first < Math.max(lanes, high); first += high) {
                    int strips = (rows + strip - 1) / strip;
                    int aStrip = Math.max(lanes, high) * strip + 3;
                    int bStrip = vectors * lanes * strip + 7;
                    float[] a = random(random, strips * aStrip);
                    float[] b = random(random, strips * bStrip);
                    int ldc = lanes + 1;
                    int cVector = high * ldc;
                    float[] c = new float[vectors * cVector];
                    int ao = first / lanes * strip * lanes + first % lanes;
                    operations.outer(a, ao, aStrip, b, 0, bStrip, rows, vectors, c, 0, cVector, ldc);
                    operations.outer(a, ao, aStrip, b, 0, bStrip, rows, vectors, c, 0, cVector, ldc);
                    for (int i = 0; i < high; i++) {
                        for (int j = 0; j < vectors * lanes; j++) {
                            double sum = 0;
                            for (int r = 0; r < rows; r++) {
                                int row = r % strip * lanes;
                                int column = (first + i) / lanes * strip * lanes + (first + i) % lanes;
                                sum += (double) a[r / strip * aStrip + row + column]
                                        * b[r / strip * bStrip + row + j / lanes * strip * lanes + j % lanes];
                            }
                            float is = c[i * ldc + j / lanes * cVector + j % lanes];
                            check(rows + " rows, element " + (first + i) + "," + j, 2 * sum, is);
                        }
                    }
                }
            }
        }
    }
}
