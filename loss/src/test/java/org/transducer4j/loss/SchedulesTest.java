package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.MemoryBudgetException;
import org.transducer4j.loss.method.Schedule;

class SchedulesTest {
    private static final List<String> ALL = List.of("batched", "split:2", "packed", "sample-wise", "tiled");

    private static int[][] lengths(Random random, int utterances) {
        int[][] lengths = new int[utterances][];
        for (int b = 0; b < utterances; b++) {
            lengths[b] = new int[] {1 + random.nextInt(40), random.nextInt(14)};
        }
        return lengths;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void allGiveTheSame(String provider) {
        Random random = new Random(1);
        for (int i = 0; i < 25; i++) {
            int vocabulary = 2 + random.nextInt(60);
            var problem = Cases.random(
                    i,
                    Activation.values()[i % 3],
                    random.nextInt(vocabulary),
                    vocabulary,
                    1 + random.nextInt(60),
                    lengths(random, 1 + random.nextInt(7)));
            LossResult expected = problem.solve(provider, 2);
            float[][] gradients = problem.gradients();
            for (String word : ALL) {
                LossResult actual = problem.solve(problem.options(provider, 2).withSchedule(Schedule.parse(word)));
                assertArrayEquals(expected.losses(), actual.losses(), 0, word);
                float[][] again = problem.gradients();
                for (int m = 0; m < gradients.length; m++) {
                    // sums over a batch may be cut elsewhere; what an utterance gets is the same to the bit
                    double tolerance = m < 2 ? 1e-5 : 0;
                    assertTrue(
                            Cases.distance(again[m], gradients[m]) <= tolerance,
                            word + " case " + i + " gradient " + m);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void aPlanSaysWhatIsMeasuredLater(String provider) {
        Random random = new Random(6);
        for (int i = 0; i < 20; i++) {
            var problem = Cases.random(
                    i, Activation.TANH, 0, 2 + random.nextInt(200), 1 + random.nextInt(50), lengths(random, 6));
            List<Band> bands = full(problem.batch());
            for (String word : ALL) {
                for (long budget : new long[] {500 << 10, 700 << 10, 1 << 20, 64 << 20}) {
                    LossOptions options = problem.options(provider, 1)
                            .withSchedule(Schedule.parse(word))
                            .withMemoryBudget(new MemoryBudget(budget));
                    try (TransducerLoss loss = TransducerLoss.open(options)) {
                        MemoryPlan plan = loss.plan(problem.joint(), problem.batch(), bands);
                        if (plan.refusal().isPresent()) {
                            String message = assertThrows(
                                            MemoryBudgetException.class,
                                            () -> loss.compute(problem.joint(), problem.batch(), Reduction.SUM))
                                    .getMessage();
                            assertEquals(message, plan.refusal().orElseThrow());
                            continue;
                        }
                        LossResult result = loss.compute(problem.joint(), problem.batch(), Reduction.SUM);
                        assertEquals(result.peakScratchBytes(), plan.scratch().bytes(), word + " " + budget);
                        assertEquals(result.nodes(), plan.rows());
                        assertTrue(plan.rowsAgain() < plan.rows());
                        assertEquals(plan.rowsAgain(), result.nodesAgain());
                        assertTrue(plan.scratch().logits() > 0 && plan.scratch().lattice() > 0);
                    }
                }
            }
        }
    }

    /** Small budgets cut frames in two: one tile reads an encoder output whose gradient another one has begun. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void gradientsMayTakeThePlaceOfOutputs(String provider) {
        Random random = new Random(7);
        for (int i = 0; i < 12; i++) {
            int vocabulary = 2 + random.nextInt(300);
            int[][] lengths = lengths(random, 1 + random.nextInt(6));
            int width = 1 + random.nextInt(50);
            var apart = Cases.random(i, Activation.TANH, 0, vocabulary, width, lengths);
            for (String word : ALL) {
                for (int kib : new int[] {400, 800, 65_536}) {
                    var together = Cases.random(i, Activation.TANH, 0, vocabulary, width, lengths);
                    List<Utterance> batch = together.batch().stream()
                            .map(u -> new Utterance(
                                    u.name(),
                                    Parameter.inPlace(u.encoder().value()),
                                    Parameter.inPlace(u.predictor().value()),
                                    u.labels()))
                            .toList();
                    LossOptions options = together.options(provider, 2)
                            .withSchedule(Schedule.parse(word))
                            .withMemoryBudget(new MemoryBudget((long) kib << 10));
                    double[] losses;
                    try (TransducerLoss loss = TransducerLoss.open(options)) {
                        MemoryPlan plan = loss.plan(together.joint(), batch, full(batch));
                        if (plan.refusal().isPresent()) {
                            continue;
                        }
                        LossResult result = loss.compute(together.joint(), batch, Reduction.SUM);
                        assertEquals(plan.scratch().bytes(), result.peakScratchBytes(), word);
                        assertTrue(result.peakScratchBytes() <= (long) kib << 10, word);
                        losses = result.losses();
                    }
                    assertArrayEquals(apart.solve(options).losses(), losses, 1e-9, word);
                    for (int b = 0; b < batch.size(); b++) {
                        Utterance expected = apart.batch().get(b);
                        assertTrue(
                                same(
                                                expected.encoder().gradient(),
                                                batch.get(b).encoder().value())
                                        && same(
                                                expected.predictor().gradient(),
                                                batch.get(b).predictor().value()),
                                word + " " + kib + " case " + i);
                    }
                    assertTrue(
                            same(
                                    apart.joint().weight().gradient(),
                                    together.joint().weight().gradient()),
                            word);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void bfloat16OutputsGiveWhatTheSameValuesGiveInFloat32(String provider) {
        Random random = new Random(8);
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < 10; i++) {
                var wide = Cases.random(
                        i, Activation.TANH, 0, 5 + random.nextInt(40), 1 + random.nextInt(60), lengths(random, 4));
                List<Utterance> narrow = wide.batch().stream()
                        .map(u -> new Utterance(
                                u.name(),
                                Parameter.inPlace(narrowed(arena, u.encoder().value())),
                                Parameter.inPlace(narrowed(arena, u.predictor().value())),
                                u.labels()))
                        .toList();
                LossOptions options = wide.options(provider, 2).withMemoryBudget(new MemoryBudget(1 << 20));
                double[] losses;
                try (TransducerLoss loss = TransducerLoss.open(options)) {
                    losses = loss.compute(wide.joint(), narrow, Reduction.SUM).losses();
                }
                wide.joint().weight().gradient().clear();
                wide.joint().bias().gradient().clear();
                assertArrayEquals(wide.solve(options).losses(), losses, 0);
                for (int b = 0; b < narrow.size(); b++) {
                    Matrix expected =
                            narrowed(arena, wide.batch().get(b).encoder().gradient());
                    assertTrue(same(expected, narrow.get(b).encoder().value()), "case " + i);
                    expected = narrowed(arena, wide.batch().get(b).predictor().gradient());
                    assertTrue(same(expected, narrow.get(b).predictor().value()), "case " + i);
                }
            }
        }
    }

    /** In bfloat16; the values themselves are rounded, too. */
    private static Matrix narrowed(Arena arena, Matrix matrix) {
        Matrix narrow = Matrix.zeros(arena, matrix.rows(), matrix.columns(), Matrix.Format.BFLOAT16);
        for (long row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                float value = matrix.get(row, column);
                narrow.set(row, column, value);
                float rounded = narrow.get(row, column);
                assertEquals(value, rounded, Math.abs(value) / 256);
                matrix.set(row, column, rounded);
            }
        }
        return narrow;
    }

    @Test
    void bfloat16RoundsToNearestEven() {
        Matrix one = new Matrix(MemorySegment.ofArray(new short[1]), 1, 1, Matrix.Format.BFLOAT16);
        float[][] pairs = {
            {1f, 1f},
            {1f + 0x1p-8f, 1f}, // half way: to the even one below
            {1f + 3 * 0x1p-8f, 1f + 0x1p-6f}, // half way: to the even one above
            {1f + 0x1.1p-8f, 1f + 0x1p-7f},
            {-0f, -0f},
            {Float.MAX_VALUE, Float.POSITIVE_INFINITY},
            {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY},
            {Float.NaN, Float.NaN},
            {Float.intBitsToFloat(0x7f800001), Float.NaN}
        };
        for (float[] pair : pairs) {
            one.set(0, 0, pair[0]);
            assertEquals(pair[1], one.get(0, 0), "of " + pair[0]);
        }
        Matrix wide = Matrix.of(1, 1f);
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Parameter(wide, one));
        assertTrue(e.getMessage().contains("float32"), e.getMessage());
    }

    private static boolean same(Matrix a, Matrix b) {
        for (long row = 0; row < a.rows(); row++) {
            for (int column = 0; column < a.columns(); column++) {
                if (Math.abs(a.get(row, column) - b.get(row, column)) > 2e-5 * (1 + Math.abs(a.get(row, column)))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<Band> full(List<Utterance> batch) {
        return batch.stream().map(u -> Band.full(u.frames(), u.labels().length)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void theBudgetHoldsAndTooSmallOnesSayWhatWouldDo(String provider) {
        var problem = Cases.random(
                4, Activation.TANH, 0, 211, 37, new int[][] {{60, 20}, {9, 3}, {150, 33}, {4, 0}, {70, 8}});
        problem.solve(provider, 2);
        float[][] expected = problem.gradients();
        for (String word : List.of("tiled", "sample-wise")) {
            LossOptions options = problem.options(provider, 2).withSchedule(Schedule.parse(word));
            long smallest = assertThrows(
                            MemoryBudgetException.class,
                            () -> problem.solve(options.withMemoryBudget(new MemoryBudget(1000))))
                    .neededBytes();
            for (long budget = smallest; budget < 24 << 20; budget *= 2) {
                LossResult result = problem.solve(options.withMemoryBudget(new MemoryBudget(budget)));
                assertTrue(
                        result.peakScratchBytes() <= budget,
                        word + ": " + result.peakScratchBytes() + " bytes of " + budget);
                float[][] gradients = problem.gradients();
                for (int m = 0; m < expected.length; m++) {
                    assertTrue(
                            Cases.distance(gradients[m], expected[m]) < 5e-6, word + " " + budget + " gradient " + m);
                }
            }
            assertThrows(
                    MemoryBudgetException.class,
                    () -> problem.solve(options.withMemoryBudget(new MemoryBudget(smallest - 1))));
        }
        for (String word : List.of("batched", "packed", "split:3")) {
            LossOptions options = problem.options(provider, 2).withSchedule(Schedule.parse(word));
            var refusal = assertThrows(
                    MemoryBudgetException.class,
                    () -> problem.solve(options.withMemoryBudget(new MemoryBudget(500_000))));
            assertTrue(refusal.getMessage().startsWith(word), refusal.getMessage());
            LossResult result = problem.solve(options.withMemoryBudget(new MemoryBudget(refusal.neededBytes())));
            if (!word.startsWith("split")) {
                assertEquals(refusal.neededBytes(), result.peakScratchBytes(), word);
            }
        }
    }

    /** What the loss says it holds, against what the JVM says it allocated for it. */
    @Test
    void peakAgreesWithTheJvmsOwnCount() throws ReflectiveOperationException {
        var problem = Cases.random(5, Activation.TANH, 0, 700, 64, new int[][] {{90, 20}, {60, 15}, {80, 11}});
        for (String word : ALL) {
            // not simd: uncompiled code of the Vector API allocates its vectors
            LossOptions options = problem.options("scalar", 1).withSchedule(Schedule.parse(word));
            problem.solve(options); // classes are loaded
            long before = Cases.allocated();
            LossResult result = problem.solve(options);
            long allocated = Cases.allocated() - before;
            // Arrays that were outgrown by a later group are in the JVM's count, too, and small objects are.
            assertTrue(
                    allocated >= result.peakScratchBytes() && allocated < 2.2 * result.peakScratchBytes() + 500_000,
                    word + ": " + result.peakScratchBytes() + " bytes said, " + allocated + " allocated");
            if (word.equals("packed") || word.equals("batched") || word.equals("tiled")) {
                assertEquals(result.peakScratchBytes(), allocated, 0.02 * allocated + 300_000, word);
            }
        }
    }

    @Test
    void paddingIsComputedByThoseWhoPad() {
        var problem = Cases.random(6, Activation.TANH, 0, 9, 5, new int[][] {{10, 2}, {4, 6}, {7, 0}});
        LossOptions options = problem.options("simd", 1);
        assertEquals(
                3 * 10 * 7,
                problem.solve(options.withSchedule(Schedule.parse("batched"))).nodes());
        assertEquals(
                2 * 10 * 7 + 7,
                problem.solve(options.withSchedule(Schedule.parse("split:2"))).nodes());
        assertEquals(
                30 + 28 + 7,
                problem.solve(options.withSchedule(Schedule.parse("packed"))).nodes());
        assertEquals(30 + 28 + 7, problem.solve(options).nodes());
    }

    /** 33 utterances of 256 frames, 64 labels and 4096 symbols: padded or not, more than 2^31 logits. */
    private static Cases.Problem beyondAnInteger() {
        int[][] lengths = new int[33][];
        java.util.Arrays.fill(lengths, new int[] {256, 64});
        return Cases.random(8, Activation.TANH, 0, 4096, 1, lengths);
    }

    /** Refused where it can't be held, and no number wraps. */
    @Test
    void moreLogitsThanAnIntegerCountsAreRefused() {
        var large = beyondAnInteger();
        LossOptions options = large.options("simd", 2);
        for (String word : List.of("batched", "packed", "split:33")) {
            LossOptions whole = options.withSchedule(Schedule.parse(word));
            var refusal = assertThrows(MemoryBudgetException.class, () -> large.solve(whole));
            assertTrue(refusal.neededBytes() > 33L * 256 * 65 * 4096 * Float.BYTES, refusal.getMessage());
            var beyond = assertThrows(
                    MemoryBudgetException.class, () -> large.solve(whole.withMemoryBudget(new MemoryBudget(1L << 50))));
            assertTrue(beyond.getMessage().contains("than an array holds"), beyond.getMessage());
        }
    }

    /** An utterance beyond the 2^31st logit gets what it gets alone. It takes a while: see CONTRIBUTING.md for how to run it. */
    @Test
    @Tag("large")
    void moreLogitsThanAnIntegerCountsPassInTiles() {
        var large = beyondAnInteger();
        MemoryBudget budget = new MemoryBudget(16 << 20);
        LossOptions options =
                large.options("simd", 2).withSchedule(new Schedule.Tiled()).withMemoryBudget(budget);
        LossResult result = large.solve(options);
        assertEquals(33L * 256 * 65, result.nodes());
        assertTrue(result.peakScratchBytes() <= budget.bytes(), result.peakScratchBytes() + " bytes");
        float[][] gradients = large.gradients();
        var last = new Cases.Problem(large.joint(), large.batch().subList(32, 33), 0);
        LossResult alone = last.solve(large.options("reference", 2).withMemoryBudget(budget));
        assertEquals(alone.sum(), result.losses()[32], 2e-6 * alone.sum());
        for (int m : new int[] {2, 3}) {
            assertTrue(Cases.distance(gradients[64 + m], last.gradients()[m]) < 1e-5, "gradient " + m);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void theFloorLeavesOutNoMoreThanItSays(String provider) {
        var problem = Cases.random(10, Activation.TANH, 0, 50, 24, new int[][] {{60, 18}, {25, 9}, {3, 1}});
        LossResult exact = problem.solve(provider, 2);
        assertEquals(0, exact.leftOut(), 0);
        assertEquals(exact.nodes(), exact.nodesBackward());
        float[] expected = problem.gradients()[1];
        for (double floor : new double[] {1e-8, 1e-4, 1e-2}) {
            for (long budget : new long[] {256 << 20, 400_000}) {
                LossResult result = problem.solve(problem.options(provider, 2)
                        .withOccupancyFloor(floor)
                        .withMemoryBudget(new MemoryBudget(budget)));
                assertArrayEquals(exact.losses(), result.losses(), 0, "the forward pass is exact");
                assertTrue(result.nodesBackward() < exact.nodes());
                assertTrue(result.leftOut() > 0 && result.leftOut() <= floor * exact.nodes());
                assertEquals(2 * result.leftOut(), result.gradientErrorBound(), 1e-12);
                // The bias gets the sum of the gradients of the logits, so the bound holds for it, too.
                float[] actual = problem.gradients()[1];
                double error = 0;
                for (int v = 0; v < actual.length; v++) {
                    error += Math.abs(actual[v] - expected[v]);
                }
                assertTrue(error <= result.gradientErrorBound() + 2e-4, floor + ": " + error);
                assertTrue(floor < 1e-3 || error > 0, "something is left out");
            }
        }
    }

    @Test
    void sizesAreRead() {
        assertEquals(256L << 20, MemoryBudget.parse("256MiB").bytes());
        assertEquals(2_000_000_000L, MemoryBudget.parse("2GB").bytes());
        assertEquals(3L << 30, MemoryBudget.parse("3 g").bytes());
        assertEquals(1000, MemoryBudget.parse("1000").bytes());
        assertEquals(1536, MemoryBudget.parse("1.5KiB").bytes());
        assertEquals(24L << 30, MemoryBudget.parse("24Gi").bytes());
        assertEquals(7, MemoryBudget.parse("7B").bytes());
        assertEquals("256.0 MiB", new MemoryBudget(256L << 20).toString());
        for (String wrong : List.of("", "24i", "24iB", "99999999999GiB", "MiB", "-1MiB", "12 parsecs", "0")) {
            assertThrows(IllegalArgumentException.class, () -> MemoryBudget.parse(wrong), wrong);
        }
        for (String word : ALL) {
            assertEquals(word, Schedule.parse(word).word());
        }
        for (String wrong : List.of("split", "split:0", "split:x", "sampled")) {
            assertThrows(IllegalArgumentException.class, () -> Schedule.parse(wrong), wrong);
        }
    }
}
