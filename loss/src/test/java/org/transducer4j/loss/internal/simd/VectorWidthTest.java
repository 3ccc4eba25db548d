package org.transducer4j.loss.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.internal.cpu.Operations;

/** Kernels of each vector width against plain sums, in a JVM of its own: a species is fixed when the class loads. */
class VectorWidthTest {
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void kernelsAgreeWithPlainSums(int bits) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-Dorg.transducer4j.vectorBits=" + bits,
                        "-cp",
                        System.getProperty("java.class.path"),
                        VectorWidthTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        assertEquals(bits + " bits: ok", said.substring(said.lastIndexOf('\n') + 1));
    }

    /** In the other JVM. */
    public static void main(String[] args) {
        Operations operations = new SimdOperations();
        blocks(operations);
        waves(operations);
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

    private static void check(double expected, double actual) {
        if (!(Math.abs(expected - actual) <= 1e-6 * Math.abs(expected))) {
            throw new AssertionError(expected + " expected, not " + actual);
        }
    }

    /** Blocks of odd depths, stored and added. */
    private static void blocks(Operations operations) {
        int strip = operations.strip();
        int panel = operations.panel();
        int lanes = operations.lanes();
        Random random = new Random(1);
        for (int depth : new int[] {1, 2, lanes - 1, lanes, lanes + 1, 5 * lanes + 3}) {
            float[] a = new float[(depth + lanes - 1) / lanes * lanes * strip];
            float[] b = new float[depth * panel];
            for (int i = 0; i < a.length; i++) {
                a[i] = random.nextFloat() - 0.5f;
            }
            for (int i = 0; i < b.length; i++) {
                b[i] = random.nextFloat() - 0.5f;
            }
            float[] c = new float[strip * (panel + 1)];
            operations.block(a, 0, b, 0, depth, c, 0, panel + 1, false);
            operations.block(a, 0, b, 0, depth, c, 0, panel + 1, true);
            for (int i = 0; i < strip; i++) {
                for (int j = 0; j < panel; j++) {
                    double sum = 0;
                    for (int k = 0; k < depth; k++) {
                        sum += (double) a[k / lanes * strip * lanes + i * lanes + k % lanes] * b[k * panel + j];
                    }
                    if (!(Math.abs(2 * sum - c[i * (panel + 1) + j]) < 1e-5)) {
                        throw new AssertionError("depth " + depth + ", element " + i + "," + j);
                    }
                }
            }
        }
    }
}
