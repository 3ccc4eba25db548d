package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.SimpleResult;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.EdgePosteriors;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.MemoryBudgetException;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.loss.method.WindowRule;

class SimpleLossTest {
    private static final int[][] ODD = {{7, 3}, {1, 0}, {1, 4}, {12, 0}, {33, 9}, {5, 11}};
    private static final List<SimpleJoiner> JOINERS = List.of(
            SimpleJoiner.PLAIN,
            SimpleJoiner.SMOOTHED,
            new SimpleJoiner(0.2, 0.3),
            new SimpleJoiner(0, 1),
            new SimpleJoiner(1, 0),
            new SimpleJoiner(0.4, 0.6));

    private static List<Utterance> batch(long seed, int blank, int vocabulary, double scale, int[]... lengths) {
        Random random = new Random(seed);
        List<Utterance> batch = new ArrayList<>();
        for (int[] length : lengths) {
            batch.add(new Utterance(
                    "u" + batch.size(),
                    parameter(random, length[0], vocabulary, scale),
                    parameter(random, length[1] + 1, vocabulary, scale),
                    Cases.labels(random, length[1], vocabulary, blank)));
        }
        return batch;
    }

    private static Parameter parameter(Random random, int rows, int columns, double scale) {
        float[] gradient = new float[rows * columns];
        java.util.Arrays.fill(gradient, Float.NaN);
        return new Parameter(
                Matrix.of(columns, Cases.gaussian(random, rows * columns, scale)), Matrix.of(columns, gradient));
    }

    private static LossOptions options(String provider, int blank) {
        return LossOptions.defaults().withProvider(provider).withThreads(2).withBlank(blank);
    }

    private static SimpleResult solve(LossOptions options, SimpleJoiner joiner, List<Utterance> batch) {
        return solve(options, joiner, Pruning.of(3), batch);
    }

    private static SimpleResult solve(
            LossOptions options, SimpleJoiner joiner, Pruning pruning, List<Utterance> batch) {
        try (SimpleLoss loss = SimpleLoss.open(options, joiner, pruning)) {
            return loss.compute(batch, Reduction.SUM);
        }
    }

    private static float[][] gradients(List<Utterance> batch) {
        List<float[]> all = new ArrayList<>();
        for (Utterance utterance : batch) {
            all.add(Cases.floats(utterance.encoder().gradient()));
            all.add(Cases.floats(utterance.predictor().gradient()));
        }
        return all.toArray(float[][]::new);
    }

    private static List<Matrix> values(List<Utterance> batch) {
        return batch.stream()
                .flatMap(u -> List.of(u.encoder().value(), u.predictor().value()).stream())
                .toList();
    }

    /** -log P by walking every path, the log-probabilities straight from the definition. */
    private static double enumerate(Utterance u, SimpleJoiner joiner, int blank) {
        int v = u.encoder().value().columns();
        float[] am = Cases.floats(u.encoder().value());
        float[] lm = Cases.floats(u.predictor().value());
        int positions = u.labels().length + 1;
        double[] mean = new double[v];
        for (int i = 0; i < positions; i++) {
            double[] p = Cases.logSoftmax(lm, i * v, v);
            for (int k = 0; k < v; k++) {
                mean[k] += Math.exp(p[k]) / positions;
            }
        }
        double[][][] logP = new double[u.frames()][positions][v];
        for (int t = 0; t < u.frames(); t++) {
            for (int i = 0; i < positions; i++) {
                float[] both = new float[v];
                float[] amOnly = new float[v];
                for (int k = 0; k < v; k++) {
                    both[k] = am[t * v + k] + lm[i * v + k];
                    amOnly[k] = (float) (am[t * v + k] + Math.log(mean[k]));
                }
                double[] ofBoth = Cases.logSoftmax(both, 0, v);
                double[] ofLm = Cases.logSoftmax(lm, i * v, v);
                double[] ofAm = Cases.logSoftmax(amOnly, 0, v);
                for (int k = 0; k < v; k++) {
                    logP[t][i][k] = joiner.combinedScale() * ofBoth[k]
                            + joiner.lmOnlyScale() * ofLm[k]
                            + joiner.amOnlyScale() * ofAm[k];
                }
            }
        }
        return Cases.enumerate(logP, u.labels(), blank);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void lossIsTheSumOverAllPaths(String provider) {
        for (SimpleJoiner joiner : JOINERS) {
            List<Utterance> batch = batch(1, 2, 6, 2, new int[][] {{4, 3}, {1, 0}, {3, 4}, {5, 1}, {1, 3}});
            double[] losses = solve(options(provider, 2), joiner, batch).loss().losses();
            for (int b = 0; b < losses.length; b++) {
                assertEquals(enumerate(batch.get(b), joiner, 2), losses[b], 2e-6, joiner + ", utterance " + b);
            }
        }
    }

    @Test
    void referenceGradientAgreesWithDifferences() {
        for (SimpleJoiner joiner : JOINERS) {
            for (Topology topology : Topology.values()) {
                LossOptions options =
                        options("reference", 1).withLattice(new LatticeOptions(1, topology, 0, 0.1, false, false));
                List<Utterance> batch = batch(2, 1, 7, 1, new int[][] {{9, 4}, {5, 5}, {2, 0}});
                solve(options, joiner, batch);
                float[][] gradients = gradients(batch);
                for (int seed = 0; seed < 3; seed++) {
                    double[] pair = Cases.directional(
                            values(batch),
                            gradients,
                            () -> solve(options, joiner, batch).loss().sum(),
                            seed);
                    assertEquals(pair[1], pair[0], 1e-4 * Math.max(Math.abs(pair[1]), 0.01), joiner + " " + topology);
                }
            }
        }
    }

    /** The sum am + lm given as logits to the loss that knows nothing of simple joiners. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void plainIsTheLossOfTheSum(Topology topology) {
        Random random = new Random(3);
        for (int i = 0; i < 40; i++) {
            int v = 2 + random.nextInt(12);
            int frames = 1 + random.nextInt(9);
            int labels = random.nextInt(frames + (topology.labelTakesFrame() ? 1 : 5));
            Utterance u = batch(i, v / 2, v, 1.5, new int[] {frames, labels}).get(0);
            LossOptions options = options("reference", v / 2)
                    .withLattice(new LatticeOptions(v / 2, topology, i % 2 * 0.1, i % 3 * 0.05, false, true));
            SimpleResult simple = solve(options, SimpleJoiner.PLAIN, List.of(u));
            float[] logits = new float[frames * (labels + 1) * v];
            for (int n = 0; n < logits.length; n++) {
                int t = n / v / (labels + 1);
                int p = n / v % (labels + 1);
                logits[n] = u.encoder().value().get(t, n % v)
                        + u.predictor().value().get(p, n % v);
            }
            float[] dz = logits.clone();
            try (LogitsLoss loss = LogitsLoss.open(options)) {
                double expected = loss.compute(
                                LogitsBatch.packed(MemorySegment.ofArray(dz), v, new int[] {frames}, new int[][] {
                                            u.labels()
                                        })
                                        .withGradientInPlace(),
                                Reduction.SUM)
                        .sum();
                assertEquals(expected, simple.loss().sum(), 1e-5 * Math.max(1, expected));
            }
            float[] dAm = new float[frames * v];
            float[] dLm = new float[(labels + 1) * v];
            for (int n = 0; n < dz.length; n++) {
                dAm[n / v / (labels + 1) * v + n % v] += dz[n];
                dLm[n / v % (labels + 1) * v + n % v] += dz[n];
            }
            assertArrayEquals(dAm, Cases.floats(u.encoder().gradient()), 2e-5f);
            assertArrayEquals(dLm, Cases.floats(u.predictor().gradient()), 2e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void agreesWithReference(String provider) {
        Random random = new Random(4);
        for (int i = 0; i < 60; i++) {
            int v = 2 + random.nextInt(i < 50 ? 60 : 900);
            int blank = random.nextInt(v);
            SimpleJoiner joiner = JOINERS.get(i % JOINERS.size());
            int[][] lengths =
                    i % 4 == 0 ? ODD : new int[][] {{1 + random.nextInt(i < 50 ? 60 : 600), random.nextInt(40)}};
            List<Utterance> batch = batch(i, blank, v, 0.3 + random.nextInt(4), lengths);
            SimpleResult expected = solve(options("reference", blank), joiner, batch);
            float[][] reference = gradients(batch);
            SimpleResult actual = solve(options(provider, blank), joiner, batch);
            float[][] gradients = gradients(batch);
            String what = "case " + i + " " + joiner;
            for (int b = 0; b < batch.size(); b++) {
                double loss = expected.loss().losses()[b];
                assertEquals(loss, actual.loss().losses()[b], 2e-6 * Math.max(1, loss), what);
            }
            for (int m = 0; m < reference.length; m++) {
                double distance = Cases.distance(gradients[m], reference[m]);
                assertTrue(distance < 1e-5, what + ", gradient " + m + " is off by " + distance);
            }
        }
    }

    /** am and lm on different symbols: every product of exponentials underflows in float32. */
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void normalisersThatUnderflowAreExact(String provider) {
        for (SimpleJoiner joiner : List.of(SimpleJoiner.PLAIN, SimpleJoiner.SMOOTHED, new SimpleJoiner(0.1, 0.1))) {
            List<Utterance> batch = batch(5, 0, 9, 1, new int[][] {{6, 3}, {300, 2}});
            for (Utterance utterance : batch) {
                for (int t = 0; t < utterance.frames(); t += 2) {
                    raise(utterance.encoder().value(), t, 4, 150);
                }
                for (int u = 0; u < 3; u++) {
                    raise(utterance.predictor().value(), u, 5, 140);
                }
            }
            SimpleResult expected = solve(options("reference", 0), joiner, batch);
            float[][] reference = gradients(batch);
            SimpleResult actual = solve(options(provider, 0), joiner, batch);
            assertEquals(
                    expected.loss().sum(),
                    actual.loss().sum(),
                    1e-5 * expected.loss().sum());
            float[][] gradients = gradients(batch);
            for (int m = 0; m < reference.length; m++) {
                // log-probabilities near -150 are floats that lie 1.5e-5 apart
                double distance = Cases.distance(gradients[m], reference[m]);
                assertTrue(distance < 1e-4, joiner + ", gradient " + m + " is off by " + distance);
            }
        }
    }

    private static void raise(Matrix matrix, int row, int column, float by) {
        matrix.data()
                .set(
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        ((long) row * matrix.columns() + column) * Float.BYTES,
                        matrix.get(row, column) + by);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void batchMatesDoNotMatter(String provider) {
        SimpleJoiner joiner = new SimpleJoiner(0.2, 0.3);
        List<Utterance> batch = batch(6, 0, 20, 1, ODD);
        SimpleResult together = solve(options(provider, 0), joiner, batch);
        float[][] expected = gradients(batch);
        for (int b = 0; b < batch.size(); b++) {
            SimpleResult alone = solve(options(provider, 0), joiner, List.of(batch.get(b)));
            assertEquals(together.loss().losses()[b], alone.loss().losses()[0], 0);
            assertArrayEquals(
                    expected[2 * b], Cases.floats(batch.get(b).encoder().gradient()), 0);
            assertArrayEquals(
                    expected[2 * b + 1], Cases.floats(batch.get(b).predictor().gradient()), 0);
            sameBand(together.bands().get(b), alone.bands().get(0));
        }
    }

    private static void sameBand(Band expected, Band actual) {
        for (int t = 0; t < expected.frames(); t++) {
            assertEquals(expected.begin(t), actual.begin(t));
            assertEquals(expected.end(t), actual.end(t));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void bitsDoNotDependOnThreads(String provider) {
        List<Utterance> batch = batch(7, 0, 300, 1, new int[][] {{300, 40}, {41, 7}});
        SimpleJoiner joiner = new SimpleJoiner(0.2, 0.1);
        SimpleResult one = solve(options(provider, 0).withThreads(1), joiner, batch);
        float[][] expected = gradients(batch);
        for (int threads : new int[] {2, 3, 8}) {
            SimpleResult many = solve(options(provider, 0).withThreads(threads), joiner, batch);
            assertArrayEquals(one.loss().losses(), many.loss().losses(), 0);
            float[][] actual = gradients(batch);
            for (int m = 0; m < expected.length; m++) {
                assertArrayEquals(expected[m], actual[m], 0, threads + " threads, gradient " + m);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void bandsAreThereForEveryPathAndWide(Topology topology) {
        Random random = new Random(8);
        for (int i = 0; i < 300; i++) {
            int frames = 1 + random.nextInt(i % 3 == 0 ? 4 : 30);
            int labels = random.nextInt(topology.labelTakesFrame() ? frames + 1 : 25);
            Pruning pruning = new Pruning(2 + random.nextInt(6), WindowRule.values()[i % 2]);
            Band band = pruning.band(noise(random, frames, labels), frames, labels, topology);
            assertEquals(-1, band.blocked(topology), "case " + i);
            assertTrue(band.contains(0, 0) && band.contains(frames - 1, labels));
            for (int t = 0; t < frames; t++) {
                assertTrue(band.end(t) - band.begin(t) >= Math.min(pruning.range(), labels + 1));
                assertEquals(band.end(0) - band.begin(0), band.end(t) - band.begin(t));
            }
        }
    }

    private static EdgePosteriors noise(Random random, int frames, int labels) {
        double[][] blank = new double[frames][labels + 1];
        double[][] label = new double[frames][labels + 1];
        for (int t = 0; t < frames; t++) {
            for (int u = 0; u <= labels; u++) {
                blank[t][u] = random.nextDouble();
                label[t][u] = u < labels ? random.nextDouble() : 0;
            }
        }
        return new EdgePosteriors() {
            @Override
            public double blank(int t, int u) {
                return blank[t][u];
            }

            @Override
            public double label(int t, int u) {
                return label[t][u];
            }
        };
    }

    @Test
    void aBandHoldsWhatIsProbable() {
        // Emissions at frames 2, 5, 8, 11 of 14, near certain: windows of 2 must hold them all.
        int[] at = {2, 5, 8, 11};
        EdgePosteriors edges = new EdgePosteriors() {
            private int before(int t) {
                return (int) java.util.Arrays.stream(at).filter(a -> a <= t).count();
            }

            @Override
            public double blank(int t, int u) {
                return u == before(t) ? 1 : 0;
            }

            @Override
            public double label(int t, int u) {
                return u < 4 && at[u] == t ? 1 : 0;
            }
        };
        for (WindowRule rule : WindowRule.values()) {
            Band band = new Pruning(2, rule).band(edges, 14, 4, Topology.REGULAR);
            for (int t = 0; t < 14; t++) {
                for (int u = 0; u <= 4; u++) {
                    assertTrue(edges.blank(t, u) + edges.label(t, u) == 0 || band.contains(t, u), rule + " " + t);
                }
            }
        }
    }

    /** As a recipe uses it: simple losses, bands, and the full joiner inside them. */
    @Test
    void aWideRangeGivesTheExactLossAndANarrowOneAnUpperBound() {
        var problem = Cases.random(9, Activation.TANH, 0, 15, 8, ODD);
        List<Utterance> batch = batch(9, 0, 15, 2, ODD);
        LossOptions options = options("simd", 0);
        double[] exact = problem.solve(options).losses();
        float[][] gradients = problem.gradients();
        double before = Double.POSITIVE_INFINITY;
        for (int range : new int[] {2, 4, 7, 12, 100}) {
            SimpleResult simple = solve(options, SimpleJoiner.SMOOTHED, Pruning.of(range), batch);
            problem.joint().weight().gradient().clear();
            problem.joint().bias().gradient().clear();
            try (TransducerLoss loss = TransducerLoss.open(options)) {
                LossResult pruned = loss.compute(problem.joint(), problem.batch(), simple.bands(), Reduction.SUM);
                for (int b = 0; b < exact.length; b++) {
                    assertTrue(pruned.losses()[b] >= exact[b] * (1 - 1e-6), "fewer paths, larger loss");
                }
                if (range >= 12) {
                    assertArrayEquals(exact, pruned.losses(), 0);
                    float[][] actual = problem.gradients();
                    for (int m = 0; m < gradients.length; m++) {
                        assertArrayEquals(gradients[m], actual[m], 0);
                    }
                } else {
                    assertTrue(pruned.nodes() < 7 * 4 + 1 + 5 + 12 + 33 * 10 + 5 * 12);
                }
                assertTrue(pruned.sum() < before || range == 100, "more paths, smaller loss");
                before = pruned.sum();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void onlyWantedGradientsAreWritten(String provider) {
        SimpleJoiner joiner = new SimpleJoiner(0.2, 0.1);
        Utterance u = batch(10, 0, 12, 1, new int[] {11, 4}).get(0);
        double expected = solve(options(provider, 0), joiner, List.of(u)).loss().sum();
        float[][] gradients = gradients(List.of(u));
        Matrix dAm = Matrix.of(12, new float[11 * 12]);
        Matrix dLm = Matrix.of(12, new float[5 * 12]);
        Parameter am = Parameter.constant(u.encoder().value());
        Parameter lm = Parameter.constant(u.predictor().value());
        for (Utterance half : List.of(
                new Utterance("none", am, lm, u.labels()),
                new Utterance("am", new Parameter(am.value(), dAm), lm, u.labels()),
                new Utterance("lm", am, new Parameter(lm.value(), dLm), u.labels()))) {
            LossResult result =
                    solve(options(provider, 0), joiner, List.of(half)).loss();
            assertEquals(expected, result.sum(), 0);
            assertEquals(half.name().equals("none") ? 0 : 55, result.nodesBackward());
        }
        assertArrayEquals(gradients[0], Cases.floats(dAm), 0);
        assertArrayEquals(gradients[1], Cases.floats(dLm), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void aLossThatIsNotFiniteIsNamedOrSkipped(String provider) {
        List<Utterance> batch = batch(11, 0, 8, 1, new int[][] {{8, 2}, {9, 3}, {4, 1}});
        List<Utterance> sound = batch(11, 0, 8, 1, new int[][] {{8, 2}, {9, 3}, {4, 1}});
        raise(batch.get(1).encoder().value(), 3, 2, Float.NaN);
        LossOptions options = options(provider, 0);
        var failure = assertThrows(NonFiniteLossException.class, () -> solve(options, SimpleJoiner.SMOOTHED, batch));
        assertEquals("u1", failure.utterance());
        SimpleResult result = solve(options.withNonFinite(NonFinite.SKIP), SimpleJoiner.SMOOTHED, batch);
        assertEquals(List.of(1), result.loss().skipped());
        assertEquals(9 * 4, result.bands().get(1).nodes());
        float[][] gradients = gradients(batch);
        assertArrayEquals(new float[9 * 8], gradients[2], 0);
        assertArrayEquals(new float[4 * 8], gradients[3], 0);
        List<Utterance> others = List.of(sound.get(0), sound.get(2));
        assertEquals(
                solve(options, SimpleJoiner.SMOOTHED, others).loss().sum(),
                result.loss().sum(),
                0);
        assertArrayEquals(gradients(others)[2], gradients[4], 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void theBudgetIsKept(String provider) {
        List<Utterance> batch = batch(12, 0, 400, 1, new int[][] {{700, 20}, {30, 4}});
        LossOptions options = options(provider, 0);
        LossResult wide = solve(options, SimpleJoiner.SMOOTHED, batch).loss();
        float[][] gradients = gradients(batch);
        MemoryBudget half = new MemoryBudget(wide.peakScratchBytes() / 2);
        LossResult narrow = solve(options.withMemoryBudget(half), SimpleJoiner.SMOOTHED, batch)
                .loss();
        assertTrue(narrow.peakScratchBytes() <= half.bytes(), narrow.peakScratchBytes() + " of " + half.bytes());
        assertArrayEquals(wide.losses(), narrow.losses(), 0);
        float[][] again = gradients(batch);
        for (int m = 0; m < gradients.length; m++) {
            assertTrue(Cases.distance(again[m], gradients[m]) < 1e-6);
        }
        assertTrue(wide.peakScratchBytes() < 700L * 21 * 400 * Float.BYTES / 4, "far below the logits");
        var refusal = assertThrows(
                MemoryBudgetException.class,
                () -> solve(options.withMemoryBudget(new MemoryBudget(100_000)), SimpleJoiner.SMOOTHED, batch));
        assertTrue(refusal.getMessage().contains("u0"), refusal.getMessage());
        solve(options.withMemoryBudget(new MemoryBudget(refusal.neededBytes())), SimpleJoiner.SMOOTHED, batch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void aPlanSaysWhatIsMeasuredLater(String provider) {
        Random random = new Random(15);
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            int[][] lengths = new int[1 + random.nextInt(5)][];
            Arrays.setAll(lengths, b -> new int[] {1 + random.nextInt(400), random.nextInt(30)});
            List<Utterance> batch = batch(i, 0, 2 + random.nextInt(200), 1, lengths);
            for (long budget : new long[] {150 << 10, 500 << 10, 1 << 20, 64 << 20}) {
                LossOptions options = options(provider, 0).withMemoryBudget(new MemoryBudget(budget));
                for (SimpleJoiner joiner : List.of(SimpleJoiner.SMOOTHED, new SimpleJoiner(0.1, 0.2))) {
                    try (SimpleLoss loss = SimpleLoss.open(options, joiner, Pruning.of(5))) {
                        MemoryPlan plan = loss.plan(batch);
                        if (plan.refusal().isPresent()) {
                            String message = assertThrows(
                                            MemoryBudgetException.class, () -> loss.compute(batch, Reduction.SUM))
                                    .getMessage();
                            assertEquals(message, plan.refusal().orElseThrow());
                            assertTrue(plan.scratch().bytes() > budget);
                            refused++;
                            continue;
                        }
                        LossResult result = loss.compute(batch, Reduction.SUM).loss();
                        assertEquals(result.peakScratchBytes(), plan.scratch().bytes(), i + " " + budget);
                        assertTrue(plan.scratch().bytes() <= budget);
                        assertEquals(result.nodes(), plan.rows());
                    }
                }
            }
        }
        assertTrue(refused > 0 && refused < 150, "both are tried: " + refused);
    }

    /** An utterance that doesn't fit is found before the ones in front of it are computed. */
    @Test
    void nothingIsBegunThatDoesNotFit() {
        List<Utterance> batch = batch(16, 0, 50, 1, new int[][] {{9, 2}, {5000, 40}});
        float[][] before = gradients(batch);
        assertThrows(
                MemoryBudgetException.class,
                () -> solve(
                        options("simd", 0).withMemoryBudget(new MemoryBudget(1 << 20)), SimpleJoiner.SMOOTHED, batch));
        assertArrayEquals(before, gradients(batch));
    }

    @Test
    void badInputIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SimpleJoiner(0.7, 0.4));
        assertThrows(IllegalArgumentException.class, () -> new SimpleJoiner(-0.1, 0));
        assertThrows(IllegalArgumentException.class, () -> new SimpleJoiner(Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> Pruning.of(1));
        LossOptions hat = options("simd", 0).withLattice(new LatticeOptions(0, Topology.REGULAR, 0, 0, true, false));
        assertThrows(IllegalArgumentException.class, () -> SimpleLoss.open(hat, SimpleJoiner.PLAIN, Pruning.of(5)));
        Utterance good = batch(13, 0, 5, 1, new int[] {3, 2}).get(0);
        Parameter overwritten = Parameter.inPlace(good.predictor().value());
        var inPlace = List.of(new Utterance("u7", good.encoder(), overwritten, good.labels()));
        String refusal = assertThrows(
                        IllegalArgumentException.class, () -> solve(options("simd", 0), SimpleJoiner.PLAIN, inPlace))
                .getMessage();
        assertTrue(refusal.contains("u7") && refusal.contains("of their own"), refusal);
        List<Utterance> crowded = batch(13, 0, 5, 1, new int[] {3, 4});
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> solve(options("simd", 0).withTopology(Topology.MODIFIED), SimpleJoiner.PLAIN, crowded))
                .getMessage();
        assertTrue(message.contains("u0") && message.contains("4 labels"), message);
        SimpleResult skipped = solve(
                options("simd", 0).withTopology(Topology.MODIFIED).withNonFinite(NonFinite.SKIP),
                SimpleJoiner.PLAIN,
                crowded);
        assertEquals(List.of(0), skipped.loss().skipped());
    }

    @Test
    void edgesArePosteriors() {
        Utterance u = batch(14, 0, 6, 1, new int[] {6, 4}).get(0);
        try (var kernels = KernelProviders.choose("simd").open(1);
                var sample = kernels.simple(u, SimpleJoiner.SMOOTHED, LatticeOptions.regular(0), 1 << 20)) {
            sample.forward();
            sample.solve();
            for (int diagonal = 0; diagonal < 6 + 4; diagonal++) {
                double sum = 0;
                for (int t = 0; t < 6; t++) {
                    int p = diagonal - t;
                    sum += p < 0 || p > 4 ? 0 : sample.blank(t, p) + sample.label(t, p);
                }
                assertEquals(1, sum, 1e-6);
            }
        }
    }
}
