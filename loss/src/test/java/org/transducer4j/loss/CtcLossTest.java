package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.MemoryBudgetException;

class CtcLossTest {
    private static CtcUtterance utterance(Random random, String name, int frames, int vocabulary, int... labels) {
        float[] gradient = new float[frames * vocabulary];
        java.util.Arrays.fill(gradient, Float.NaN);
        return new CtcUtterance(
                name,
                new Parameter(
                        Matrix.of(vocabulary, Cases.gaussian(random, frames * vocabulary, 2)),
                        Matrix.of(vocabulary, gradient)),
                labels);
    }

    private static LossOptions options(String provider, int blank) {
        return LossOptions.defaults().withProvider(provider).withThreads(2).withBlank(blank);
    }

    private static LossResult solve(LossOptions options, List<CtcUtterance> batch) {
        try (CtcLoss loss = CtcLoss.open(options)) {
            return loss.compute(batch, Reduction.SUM);
        }
    }

    /** Every string of T symbols that collapses to the labels. */
    private static double enumerate(CtcUtterance u, int blank) {
        int v = u.logits().value().columns();
        float[] z = Cases.floats(u.logits().value());
        double[][] logP = new double[u.frames()][];
        for (int t = 0; t < logP.length; t++) {
            logP[t] = Cases.logSoftmax(z, t * v, v);
        }
        int[] path = new int[u.frames()];
        double sum = 0;
        for (long code = 0; code < Math.pow(v, path.length); code++) {
            long rest = code;
            double p = 0;
            for (int t = 0; t < path.length; t++) {
                path[t] = (int) (rest % v);
                rest /= v;
                p += logP[t][path[t]];
            }
            sum += java.util.Arrays.equals(collapse(path, blank), u.labels()) ? Math.exp(p) : 0;
        }
        return -Math.log(sum);
    }

    private static int[] collapse(int[] path, int blank) {
        List<Integer> labels = new ArrayList<>();
        for (int t = 0; t < path.length; t++) {
            if (path[t] != blank && (t == 0 || path[t] != path[t - 1])) {
                labels.add(path[t]);
            }
        }
        return labels.stream().mapToInt(Integer::intValue).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void lossIsTheSumOverAllPaths(String provider) {
        Random random = new Random(1);
        for (int blank : new int[] {0, 1, 3}) {
            int a = (blank + 1) % 4;
            int c = (blank + 2) % 4;
            List<CtcUtterance> batch = List.of(
                    utterance(random, "different", 6, 4, a, c),
                    utterance(random, "empty", 5, 4),
                    utterance(random, "one frame", 1, 4, c),
                    utterance(random, "one frame, nothing", 1, 4),
                    utterance(random, "repeated", 6, 4, a, a, c),
                    utterance(random, "no frame to spare", 5, 4, a, a, a),
                    utterance(random, "there and back", 6, 4, a, c, a));
            double[] losses = solve(options(provider, blank), batch).losses();
            for (int b = 0; b < losses.length; b++) {
                assertEquals(
                        enumerate(batch.get(b), blank),
                        losses[b],
                        2e-6,
                        batch.get(b).name());
            }
        }
    }

    @Test
    void referenceGradientAgreesWithDifferences() {
        Random random = new Random(2);
        List<CtcUtterance> batch = List.of(
                utterance(random, "a", 9, 5, 1, 1, 4, 0),
                utterance(random, "b", 4, 5),
                utterance(random, "c", 3, 5, 3));
        LossOptions options = options("reference", 2);
        solve(options, batch);
        float[][] gradients =
                batch.stream().map(u -> Cases.floats(u.logits().gradient())).toArray(float[][]::new);
        List<Matrix> values = batch.stream().map(u -> u.logits().value()).toList();
        for (int seed = 0; seed < 5; seed++) {
            double[] pair = Cases.directional(
                    values, gradients, () -> solve(options, batch).sum(), seed);
            assertEquals(pair[1], pair[0], 1e-4 * Math.max(Math.abs(pair[1]), 0.01));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void agreesWithReferenceForAnyThreads(String provider) {
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            int v = 2 + random.nextInt(i < 50 ? 50 : 1000);
            int blank = random.nextInt(v);
            List<CtcUtterance> batch = new ArrayList<>();
            for (int b = 0; b < 3; b++) {
                int[] labels = Cases.labels(random, random.nextInt(20), v, blank);
                int needed = new CtcUtterance("", Parameter.constant(Matrix.of(2, 0, 0)), labels).neededFrames();
                batch.add(utterance(random, "u" + b, Math.max(1, needed) + random.nextInt(60), v, labels));
            }
            LossOptions options = options("reference", blank).withClamp(i % 2 * 0.3f);
            LossResult expected = solve(options, batch);
            float[][] reference =
                    batch.stream().map(u -> Cases.floats(u.logits().gradient())).toArray(float[][]::new);
            for (int threads : new int[] {1, 3}) {
                LossResult actual = solve(options.withProvider(provider).withThreads(threads), batch);
                for (int b = 0; b < 3; b++) {
                    double loss = expected.losses()[b];
                    assertEquals(loss, actual.losses()[b], 2e-6 * Math.max(1, loss));
                    float[] gradient = Cases.floats(batch.get(b).logits().gradient());
                    assertArrayEquals(reference[b], gradient, 2e-6f);
                }
            }
            float[][] three =
                    batch.stream().map(u -> Cases.floats(u.logits().gradient())).toArray(float[][]::new);
            solve(options.withProvider(provider).withThreads(1), batch);
            for (int b = 0; b < 3; b++) {
                assertArrayEquals(three[b], Cases.floats(batch.get(b).logits().gradient()), 0, "threads");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void theGradientMayTakeThePlaceOfTheLogits(String provider) {
        CtcUtterance apart = utterance(new Random(4), "a", 30, 17, 3, 3, 5, 16);
        double loss = solve(options(provider, 0), List.of(apart)).sum();
        Matrix logits = apart.logits().value();
        assertEquals(
                loss,
                solve(options(provider, 0), List.of(new CtcUtterance("c", Parameter.constant(logits), apart.labels())))
                        .sum(),
                0);
        assertEquals(
                loss,
                solve(
                                options(provider, 0),
                                List.of(new CtcUtterance("b", new Parameter(logits, logits), apart.labels())))
                        .sum(),
                0);
        assertArrayEquals(Cases.floats(apart.logits().gradient()), Cases.floats(logits), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void aLossThatIsNotFiniteIsNamedOrSkipped(String provider) {
        Random random = new Random(5);
        CtcUtterance sound = utterance(random, "sound", 6, 5, 1, 2);
        CtcUtterance poisoned = utterance(random, "poisoned", 6, 5, 1, 2);
        poisoned.logits().value().data().set(ValueLayout.JAVA_FLOAT_UNALIGNED, 28, Float.NaN);
        CtcUtterance tooShort = utterance(random, "too short", 3, 5, 1, 1, 2);
        LossOptions options = options(provider, 0);
        var failure = assertThrows(NonFiniteLossException.class, () -> solve(options, List.of(sound, poisoned)));
        assertEquals("poisoned", failure.utterance());
        String message = assertThrows(IllegalArgumentException.class, () -> solve(options, List.of(tooShort)))
                .getMessage();
        assertEquals("utterance too short: 3 labels need 4 frames in CTC, it has 3", message);
        LossResult result = solve(options.withNonFinite(NonFinite.SKIP), List.of(tooShort, poisoned, sound));
        assertEquals(List.of(0, 1), result.skipped());
        assertEquals(Double.POSITIVE_INFINITY, result.losses()[0]);
        assertEquals(solve(options, List.of(sound)).sum(), result.sum(), 0);
        assertArrayEquals(new float[15], Cases.floats(tooShort.logits().gradient()), 0);
        assertArrayEquals(new float[30], Cases.floats(poisoned.logits().gradient()), 0);
    }

    @Test
    void badInputIsRefused() {
        Random random = new Random(6);
        CtcUtterance blank = utterance(random, "x", 5, 4, 1, 2);
        assertThrows(IllegalArgumentException.class, () -> solve(options("simd", 2), List.of(blank)));
        assertThrows(IllegalArgumentException.class, () -> solve(options("simd", 4), List.of(blank)));
        assertThrows(IllegalArgumentException.class, () -> utterance(random, "x", 5, 1));
        assertThrows(IllegalArgumentException.class, () -> utterance(random, "x", 0, 4));
        LossResult result = solve(options("simd", 0), List.of(blank));
        assertTrue(result.peakScratchBytes() > 0);
        for (String provider : List.of("reference", "simd")) {
            LossOptions narrow = options(provider, 0).withMemoryBudget(new MemoryBudget(100));
            var refusal = assertThrows(MemoryBudgetException.class, () -> solve(narrow, List.of(blank)));
            solve(narrow.withMemoryBudget(new MemoryBudget(refusal.neededBytes())), List.of(blank));
        }
    }
}
