package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.method.MemoryBudget;

class TransducerLossTest {
    private static final int[][] ODD = {{7, 3}, {1, 0}, {1, 4}, {12, 0}, {33, 9}, {5, 11}};

    @Test
    void referenceGradientAgreesWithDifferences() {
        for (Activation activation : Activation.values()) {
            for (int blank : new int[] {0, 2, 4}) {
                var problem = Cases.random(3, activation, blank, 5, 6, ODD);
                problem.solve("reference", 1);
                float[][] gradients = problem.gradients();
                for (int seed = 0; seed < 3; seed++) {
                    double[] pair = Cases.directional(
                            problem.values(),
                            gradients,
                            () -> problem.solve("reference", 1).sum(),
                            seed);
                    // relu has corners that a step of 1e-3 may cross
                    double tolerance = activation == Activation.RELU ? 2e-3 : 1e-4;
                    assertEquals(
                            pair[1], pair[0], tolerance * Math.max(Math.abs(pair[1]), 0.05), activation + " " + blank);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void agreesWithReferenceOnOddSizes(String provider) {
        int[][] sizes = {
            {2, 1}, {3, 5}, {12, 7}, {29, 16}, {47, 33}, {48, 48}, {49, 96}, {130, 50}, {257, 131}, {702, 40}
        };
        long seed = 0;
        for (int[] size : sizes) {
            for (Activation activation : Activation.values()) {
                var problem = Cases.random(seed++, activation, size[0] / 2, size[0], size[1], ODD);
                check(problem, problem.options(provider, 2), size[0] + "x" + size[1] + " " + activation);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void agreesWithReferenceOnRandomShapes(String provider) {
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            int vocabulary = 2 + random.nextInt(80);
            int[][] lengths = IntStream.range(0, 1 + random.nextInt(4))
                    .mapToObj(b -> new int[] {1 + random.nextInt(40), random.nextInt(14)})
                    .toArray(int[][]::new);
            var problem = Cases.random(
                    i,
                    Activation.values()[i % 3],
                    random.nextInt(vocabulary),
                    vocabulary,
                    1 + random.nextInt(70),
                    lengths);
            check(problem, problem.options(provider, 1 + i % 3), "case " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void tilesOfAnySizeGiveTheSame(String provider) {
        var problem = Cases.random(5, Activation.TANH, 0, 37, 20, new int[][] {{40, 12}, {3, 1}, {300, 2}});
        LossResult whole = problem.solve(provider, 2);
        float[][] expected = problem.gradients();
        for (double share : new double[] {0.4, 0.6, 0.9}) {
            long budget = (long) (share * whole.peakScratchBytes());
            LossResult tiled = problem.solve(problem.options(provider, 2).withMemoryBudget(new MemoryBudget(budget)));
            assertArrayEquals(whole.losses(), tiled.losses(), 0, "the forward pass doesn't depend on tiles");
            float[][] actual = problem.gradients();
            for (int m = 0; m < expected.length; m++) {
                assertTrue(Cases.distance(actual[m], expected[m]) < 2e-6, "budget " + budget + ", gradient " + m);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void bitsDoNotDependOnThreads(String provider) {
        var problem = Cases.random(8, Activation.TANH, 0, 300, 96, new int[][] {{60, 20}, {41, 7}, {9, 0}});
        LossResult one = problem.solve(provider, 1);
        float[][] expected = problem.gradients();
        for (int threads : new int[] {2, 3, 8}) {
            for (int repetition = 0; repetition < 3; repetition++) {
                assertArrayEquals(one.losses(), problem.solve(provider, threads).losses(), 0);
                float[][] actual = problem.gradients();
                for (int m = 0; m < expected.length; m++) {
                    assertArrayEquals(expected[m], actual[m], 0, threads + " threads, gradient " + m);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void gradientsOfWeightAreAddedAndOthersWritten(String provider) {
        var problem = Cases.random(9, Activation.TANH, 0, 10, 8, new int[][] {{6, 2}});
        problem.solve(provider, 1);
        float[][] once = problem.gradients();
        try (TransducerLoss loss = TransducerLoss.open(problem.options(provider, 1))) {
            loss.compute(problem.joint(), problem.batch(), Reduction.SUM);
        }
        float[][] twice = problem.gradients();
        for (int m = 0; m < once.length; m++) {
            float[] expected = once[m].clone();
            for (int i = 0; m < 2 && i < expected.length; i++) {
                expected[i] *= 2;
            }
            assertTrue(Cases.distance(twice[m], expected) < 1e-6, "gradient " + m);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void onlyWantedGradientsAreWritten(String provider) {
        var full = Cases.random(10, Activation.RELU, 0, 20, 9, new int[][] {{11, 4}});
        double expected = full.solve(provider, 1).sum();
        float[][] gradients = full.gradients();
        Utterance u = full.batch().get(0);
        JointNetwork frozen = new JointNetwork(
                Activation.RELU,
                Parameter.constant(full.joint().weight().value()),
                Parameter.constant(full.joint().bias().value()));
        Matrix encoderGradient = Matrix.of(9, new float[11 * 9]);
        try (TransducerLoss loss = TransducerLoss.open(full.options(provider, 1))) {
            Utterance constant = new Utterance(
                    "c",
                    Parameter.constant(u.encoder().value()),
                    Parameter.constant(u.predictor().value()),
                    u.labels());
            assertEquals(
                    expected,
                    loss.compute(frozen, List.of(constant), Reduction.SUM).sum(),
                    0);
            Utterance half = new Utterance(
                    "h",
                    new Parameter(u.encoder().value(), encoderGradient),
                    Parameter.constant(u.predictor().value()),
                    u.labels());
            assertEquals(
                    expected, loss.compute(frozen, List.of(half), Reduction.SUM).sum(), 0);
        }
        assertTrue(Cases.distance(Cases.floats(encoderGradient), gradients[2]) < 1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void clampLimitsTheGradientOfTheLogits(String provider) {
        var problem = Cases.random(12, Activation.TANH, 0, 2, 1, new int[][] {{1, 0}});
        problem.solve(problem.options(provider, 1).withClamp(0.01f));
        // one node, two logits: the gradient is (p-1, 1-p), which the clamp cuts to (-0.01, 0.01)
        assertArrayEquals(new float[] {-0.01f, 0.01f}, problem.gradients()[1], 1e-7f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void aLossThatIsNotFiniteIsNamedOrSkipped(String provider) {
        for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            var problem = Cases.random(13, Activation.RELU, 0, 30, 9, new int[][] {{8, 2}, {9, 3}, {4, 1}});
            var sound = Cases.random(13, Activation.RELU, 0, 30, 9, new int[][] {{8, 2}, {9, 3}, {4, 1}});
            problem.batch()
                    .get(1)
                    .encoder()
                    .value()
                    .data()
                    .set(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, 40, poison);
            LossOptions options = problem.options(provider, 2);
            if (poison == Float.NEGATIVE_INFINITY) {
                assertTrue(Double.isFinite(problem.solve(options).sum()), "relu(-infinity) is 0");
                continue;
            }
            var failure = assertThrows(NonFiniteLossException.class, () -> problem.solve(options));
            assertEquals("u1", failure.utterance());
            assertTrue(failure.getMessage().contains("u1"), failure.getMessage());
            LossResult result = problem.solve(options.withNonFinite(NonFinite.SKIP));
            assertEquals(List.of(1), result.skipped());
            assertEquals(2, result.counted());
            LossResult others = new Cases.Problem(
                            sound.joint(),
                            List.of(sound.batch().get(0), sound.batch().get(2)),
                            0)
                    .solve(sound.options(provider, 2));
            assertEquals(others.sum(), result.sum(), 0);
            float[][] gradients = problem.gradients();
            float[][] expected = sound.gradients();
            for (int m : new int[] {0, 1, 2, 3, 6, 7}) {
                assertArrayEquals(expected[m], gradients[m], 0, "gradient " + m);
            }
            assertArrayEquals(new float[9 * 9], gradients[4], 0);
            assertArrayEquals(new float[4 * 9], gradients[5], 0);
        }
    }

    @Test
    void nodesAndScratchAreReported() {
        var problem = Cases.random(15, Activation.TANH, 0, 1000, 16, new int[][] {{50, 9}, {10, 4}});
        LossResult result = problem.solve("simd", 2);
        assertEquals(50 * 10 + 10 * 5, result.nodes());
        long largest = 500L * 1000 * 4;
        assertTrue(result.peakScratchBytes() >= largest, "the logits of the larger utterance are scratch");
        long budget = result.peakScratchBytes() - largest / 2;
        LossResult tiled = problem.solve(problem.options("simd", 2).withMemoryBudget(new MemoryBudget(budget)));
        assertTrue(tiled.peakScratchBytes() <= budget, tiled.peakScratchBytes() + " of " + budget);
    }

    @Test
    void badInputIsRefusedWithBothNumbers() {
        var problem = Cases.random(16, Activation.TANH, 0, 6, 4, new int[][] {{5, 2}});
        Utterance u = problem.batch().get(0);
        refused(() -> new Utterance("x", u.encoder(), u.predictor(), new int[] {1}), "1 labels need 2", "there are 3");
        refused(() -> Matrix.of(4, new float[7]), "7 floats", "4 columns");
        refused(() -> new Matrix(problem.joint().weight().value().data(), 7, 4), "112 bytes", "has 96");
        refused(() -> problem.solve(problem.options("simd", 1).withBlank(6)), "blank is 6", "ends at 5");
        refused(() -> LossOptions.defaults().withThreads(0), "threads", "0");
        refused(() -> problem.solve("cuda9", 1), "cuda9", "simd");
        for (int wrong : new int[] {-1, 0, 6}) {
            Utterance labelled = new Utterance("x", u.encoder(), u.predictor(), new int[] {1, wrong});
            refused(
                    () -> new Cases.Problem(problem.joint(), List.of(labelled), 0).solve("simd", 1),
                    "utterance x",
                    "label 1 is " + wrong);
        }
        var narrow = Cases.random(17, Activation.TANH, 0, 6, 3, new int[][] {{5, 2}});
        refused(
                () -> new Cases.Problem(problem.joint(), narrow.batch(), 0).solve("simd", 1),
                "encoder width 3",
                "joint width 4");
    }

    private static void refused(Runnable action, String... parts) {
        var failure = assertThrows(IllegalArgumentException.class, action::run);
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), failure.getMessage() + " lacks: " + part);
        }
    }

    private static void check(Cases.Problem problem, LossOptions options, String what) {
        double[] expected = problem.solve("reference", 1).losses();
        float[][] reference = problem.gradients();
        double[] actual = problem.solve(options).losses();
        float[][] gradients = problem.gradients();
        for (int b = 0; b < expected.length; b++) {
            assertEquals(expected[b], actual[b], 2e-6 * Math.max(1, expected[b]), what + ", utterance " + b);
        }
        for (int m = 0; m < reference.length; m++) {
            double distance = Cases.distance(gradients[m], reference[m]);
            assertTrue(
                    distance < 1e-5 || absolutelySmall(reference[m]),
                    what + ", gradient " + m + " is off by " + distance);
        }
    }

    /** With V=2 a gradient can be so near to zero that only rounding is left of it. */
    private static boolean absolutelySmall(float[] gradient) {
        return Arrays.equals(gradient, new float[gradient.length]);
    }
}
