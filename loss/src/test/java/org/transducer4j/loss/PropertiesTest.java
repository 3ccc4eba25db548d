package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.loss.method.Schedule;
import org.transducer4j.loss.method.WindowRule;

/** What holds for every problem, on seeded random ones of all topologies and variants. */
class PropertiesTest {
    private static final List<String> SCHEDULES = List.of("batched", "split:2", "packed", "sample-wise", "tiled");
    private static final int CASES = 30;

    /** A problem with everything that may differ from the default. */
    private record Case(Cases.Problem problem, LossOptions options, String what) {
        List<Utterance> batch() {
            return problem.batch();
        }

        Topology topology() {
            return options.lattice().topology();
        }

        List<Band> full() {
            return batch().stream()
                    .map(u -> Band.full(u.frames(), u.labels().length))
                    .toList();
        }

        /** Bands along an alignment at random. */
        List<Band> narrow(Random random) {
            return bands(random, 4, 4);
        }

        List<Band> bands(Random random, int left, int right) {
            List<Band> bands = new ArrayList<>();
            for (Utterance u : batch()) {
                int[] aligned =
                        random.ints(u.labels().length, 0, u.frames()).sorted().toArray();
                if (topology().labelTakesFrame()) {
                    // A label a frame: none before its place from the front, none behind its place from the end.
                    for (int i = 0; i < aligned.length; i++) {
                        aligned[i] = Math.max(i == 0 ? 0 : aligned[i - 1] + 1, aligned[i] - (aligned.length - 1 - i));
                    }
                }
                bands.add(new AlignmentBounds(left, right).band(u.name(), aligned, u.frames(), topology()));
            }
            return bands;
        }

        Answer solve(List<Band> bands) {
            return solve(options, batch(), bands);
        }

        Answer solve(LossOptions options, List<Utterance> batch, List<Band> bands) {
            problem.joint().weight().gradient().clear();
            problem.joint().bias().gradient().clear();
            try (TransducerLoss loss = TransducerLoss.open(options)) {
                return new Answer(
                        loss.compute(problem.joint(), batch, bands, Reduction.SUM)
                                .losses(),
                        problem.gradients());
            }
        }
    }

    /** Losses, and gradients in the order of {@link Cases.Problem#gradients}: weight, bias, then two of each utterance. */
    private record Answer(double[] losses, float[][] gradients) {
        /** The same to the bit; only weight and bias, sums over the batch, may differ by a tolerance. */
        void agrees(Answer other, double tolerance, String what) {
            assertArrayEquals(losses, other.losses, 0, what);
            for (int m = 0; m < gradients.length; m++) {
                if (m >= 2 || tolerance == 0) {
                    assertArrayEquals(gradients[m], other.gradients[m], 0, what + " gradient " + m);
                } else {
                    near(gradients[m], other.gradients[m], tolerance, what + " gradient " + m);
                }
            }
        }

        /** The same but for rounding. */
        void isNear(Answer other, String what) {
            for (int b = 0; b < losses.length; b++) {
                assertEquals(losses[b], other.losses[b], 2e-6 * Math.max(1, Math.abs(losses[b])), what);
            }
            for (int m = 0; m < gradients.length; m++) {
                near(gradients[m], other.gradients[m], 1e-5, what + " gradient " + m);
            }
        }
    }

    /** Relative to the norm; absolutely below 1, as sums that cancel keep the rounding of their parts. */
    private static void near(float[] expected, float[] actual, double tolerance, String what) {
        double norm = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            norm = Math.hypot(norm, expected[i]);
            difference = Math.hypot(difference, (double) actual[i] - expected[i]);
        }
        assertTrue(difference <= tolerance * Math.max(norm, 1), what + ": " + difference + " of " + norm);
    }

    private static List<Case> cases(String provider, long seed) {
        return IntStream.range(0, CASES)
                .mapToObj(i -> random(provider, new Random(1000 * seed + i), i))
                .toList();
    }

    private static Case random(String provider, Random random, int number) {
        int vocabulary = 2 + random.nextInt(number % 3 == 0 ? 1 : 40);
        int blank = random.nextInt(vocabulary);
        Topology topology = Topology.values()[number % 3];
        int[][] lengths = new int[1 + random.nextInt(6)][];
        for (int b = 0; b < lengths.length; b++) {
            int frames = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 16);
            int most = topology.labelTakesFrame() ? Math.min(frames, 20) : 20;
            lengths[b] = new int[] {frames, random.nextInt(4) == 0 ? 0 : random.nextInt(most + 1)};
        }
        LatticeOptions lattice = new LatticeOptions(
                blank,
                topology,
                random.nextInt(3) == 0 ? 0.1 : 0,
                random.nextInt(3) == 0 ? 0.02 : 0,
                random.nextInt(3) == 0,
                random.nextBoolean());
        Activation activation = Activation.values()[random.nextInt(3)];
        var problem = Cases.random(random.nextLong(), activation, blank, vocabulary, 1 + random.nextInt(30), lengths);
        LossOptions options = problem.options(provider, 1 + random.nextInt(2)).withLattice(lattice);
        return new Case(problem, options, "case " + number + " " + lattice + " " + Arrays.deepToString(lengths));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void schedulesAgreeInEveryVariantAndBand(String provider) {
        Random random = new Random(1);
        for (Case c : cases(provider, 1)) {
            List<Band> bands = random.nextBoolean() ? c.full() : c.narrow(random);
            Answer expected = c.solve(bands);
            for (String word : SCHEDULES) {
                LossOptions options = c.options.withSchedule(Schedule.parse(word));
                expected.agrees(c.solve(options, c.batch(), bands), 1e-5, word + " " + c.what);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void aBandOfAllNodesIsNoBand(String provider) {
        for (Case c : cases(provider, 2)) {
            List<Band> intervals = new ArrayList<>();
            for (Utterance u : c.batch()) {
                int[] end = new int[u.frames()];
                Arrays.fill(end, u.labels().length + 1);
                intervals.add(Band.of(u.labels().length, new int[u.frames()], end));
            }
            c.solve(c.full()).agrees(c.solve(intervals), 0, c.what);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void buffersAsLongAsTheSoundGiveTheExactLoss(String provider) {
        Random random = new Random(3);
        for (Case c : cases(provider, 3)) {
            List<Band> bands = c.bands(random, 60, 60);
            c.solve(c.full()).isNear(c.solve(bands), c.what);
        }
    }

    /** S = U+1 of the longest transcript, so that each utterance has its own U+1 at most. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void prunedToAllPositionsIsTheExactLoss(String provider) {
        Random random = new Random(4);
        int narrower = 0;
        for (Case c : cases(provider, 4)) {
            int positions = 1
                    + c.batch().stream().mapToInt(u -> u.labels().length).max().orElseThrow();
            List<Utterance> simple = simple(random, c);
            Answer expected = c.solve(c.full());
            for (WindowRule rule : WindowRule.values()) {
                List<Band> bands = bands(c, simple, new Pruning(Math.max(2, positions), rule));
                expected.agrees(c.solve(bands), 0, rule + " " + c.what);
                if (positions > 3) {
                    Answer pruned = c.solve(bands(c, simple, new Pruning(positions - 1, rule)));
                    for (int b = 0; b < expected.losses.length; b++) {
                        assertTrue(pruned.losses[b] >= expected.losses[b] * (1 - 1e-6), "fewer paths, larger loss");
                        narrower += pruned.losses[b] > expected.losses[b] ? 1 : 0;
                    }
                }
            }
        }
        assertTrue(narrower > 10, "one position less leaves paths out");
    }

    private static List<Utterance> simple(Random random, Case c) {
        int v = c.problem.joint().vocabulary();
        return c.batch().stream()
                .map(u -> new Utterance(
                        u.name(),
                        parameter(random, u.frames(), v),
                        parameter(random, u.labels().length + 1, v),
                        u.labels()))
                .toList();
    }

    private static Parameter parameter(Random random, int rows, int columns) {
        return new Parameter(
                Matrix.of(columns, Cases.gaussian(random, rows * columns, 1.5)),
                Matrix.of(columns, new float[rows * columns]));
    }

    private static List<Band> bands(Case c, List<Utterance> simple, Pruning pruning) {
        try (SimpleLoss loss = SimpleLoss.open(withoutHat(c.options), SimpleJoiner.SMOOTHED, pruning)) {
            return loss.compute(simple, Reduction.SUM).bands();
        }
    }

    /** Neither simple joiners nor log-probabilities know of HAT. */
    private static LossOptions withoutHat(LossOptions options) {
        LatticeOptions l = options.lattice();
        return options.withLattice(
                new LatticeOptions(l.blank(), l.topology(), l.fastEmit(), l.delayPenalty(), false, l.renormalise()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void occupanciesSumToOneWhereEveryPathCrossesOnce(String provider) {
        for (Case c : cases(provider, 5)) {
            if (c.topology() == Topology.CONSTRAINED) {
                continue; // its nodes also carry the blanks that labels force
            }
            for (boolean renormalise : new boolean[] {false, true}) {
                LatticeOptions l = c.options.lattice();
                LossOptions options = c.options.withLattice(
                        new LatticeOptions(l.blank(), l.topology(), 0, l.delayPenalty(), l.hat(), renormalise));
                try (TransducerLoss loss = TransducerLoss.open(options)) {
                    List<Posteriors> all = loss.posteriors(c.problem.joint(), c.batch());
                    for (int b = 0; b < all.size(); b++) {
                        crossedOnce(all.get(b), c.batch().get(b), c.topology(), c.what + " " + renormalise);
                    }
                }
            }
        }
    }

    private static void crossedOnce(Posteriors posteriors, Utterance u, Topology topology, String what) {
        int frames = u.frames();
        int labels = u.labels().length;
        double[] cuts = new double[topology.labelTakesFrame() ? frames : frames + labels];
        double[] emitted = new double[labels];
        for (int t = 0; t < frames; t++) {
            for (int p = 0; p <= labels; p++) {
                assertTrue(posteriors.blank(t, p) >= 0 && posteriors.label(t, p) >= 0, what);
                cuts[topology.labelTakesFrame() ? t : t + p] += posteriors.occupancy(t, p);
                if (p < labels) {
                    emitted[p] += posteriors.label(t, p);
                }
            }
        }
        for (double sum : cuts) {
            assertEquals(1, sum, 1e-6, what);
        }
        for (double sum : emitted) {
            assertEquals(1, sum, 1e-6, what + ": each label is emitted once");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void gradientsOfTheSumAreTheSumOfTheGradients(String provider) {
        for (Case c : cases(provider, 6)) {
            Answer together = c.solve(c.options.withSchedule(Schedule.parse("packed")), c.batch(), c.full());
            // Weight and bias collect: nothing is cleared between the utterances.
            c.problem.joint().weight().gradient().clear();
            c.problem.joint().bias().gradient().clear();
            double[] losses = new double[together.losses.length];
            try (TransducerLoss loss = TransducerLoss.open(c.options)) {
                for (int b = 0; b < losses.length; b++) {
                    losses[b] = loss.compute(c.problem.joint(), c.batch().subList(b, b + 1), Reduction.SUM)
                            .sum();
                }
            }
            together.agrees(new Answer(losses, c.problem.gradients()), 1e-5, c.what);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void permutingABatchPermutesWhatItsUtterancesGet(String provider) {
        Random random = new Random(7);
        for (Case c : cases(provider, 7)) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, c.batch().size()).boxed().toList());
            Collections.shuffle(order, random);
            List<Band> bands = c.narrow(random);
            for (String word : SCHEDULES) {
                LossOptions options = c.options.withSchedule(Schedule.parse(word));
                Answer straight = c.solve(options, c.batch(), bands);
                Answer shuffled = c.solve(options, pick(c.batch(), order), pick(bands, order));
                new Answer(pick(straight.losses, order), straight.gradients)
                        .agrees(shuffled, 1e-5, word + " " + c.what);
            }
            permutedCtc(c, order, random);
        }
    }

    private static void permutedCtc(Case c, List<Integer> order, Random random) {
        List<CtcUtterance> batch = new ArrayList<>();
        for (Utterance u : c.batch()) {
            int frames = 2 * u.labels().length + 1; // room for a blank between equal labels
            batch.add(new CtcUtterance(
                    u.name(), parameter(random, frames, c.problem.joint().vocabulary()), u.labels()));
        }
        try (CtcLoss loss = CtcLoss.open(c.problem.options(c.options.provider(), 2))) {
            double[] straight = loss.compute(batch, Reduction.SUM).losses();
            List<float[]> gradients =
                    batch.stream().map(u -> Cases.floats(u.logits().gradient())).toList();
            assertArrayEquals(
                    pick(straight, order),
                    loss.compute(pick(batch, order), Reduction.SUM).losses(),
                    0,
                    c.what);
            for (int b = 0; b < batch.size(); b++) {
                assertArrayEquals(
                        gradients.get(b), Cases.floats(batch.get(b).logits().gradient()), 0, c.what);
            }
        }
    }

    private static <T> List<T> pick(List<T> all, List<Integer> order) {
        return order.stream().map(all::get).toList();
    }

    private static double[] pick(double[] all, List<Integer> order) {
        return order.stream().mapToDouble(b -> all[b]).toArray();
    }

    /** A neighbour ten times as long in both directions makes others carry padding; they get what they get alone. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void paddingOfTheJointNetworkNeverMatters(String provider) {
        for (Case c : cases(provider, 8)) {
            Utterance first = c.batch().getFirst();
            var longer = Cases.random(
                            9,
                            Activation.TANH,
                            c.problem.blank(),
                            c.problem.joint().vocabulary(),
                            c.problem.joint().width(),
                            new int[] {10 * Math.min(first.frames(), 20), 10 * Math.min(first.labels().length, 2)})
                    .batch()
                    .getFirst();
            LossOptions options = c.options.withSchedule(Schedule.parse("batched"));
            Answer alone = c.solve(options, List.of(first), c.full().subList(0, 1));
            Answer beside = c.solve(
                    options,
                    List.of(first, longer),
                    List.of(c.full().getFirst(), Band.full(longer.frames(), longer.labels().length)));
            assertEquals(alone.losses[0], beside.losses[0], 0, c.what);
            assertArrayEquals(alone.gradients[2], beside.gradients[2], 0, c.what);
            assertArrayEquals(alone.gradients[3], beside.gradients[3], 0, c.what);
        }
    }

    /** Ready logits in a padded batch that is larger than any utterance, NaN in all of the padding, against packed ones. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void paddingOfLogitsNeverMatters(String provider) {
        Random random = new Random(10);
        for (Case c : cases(provider, 10)) {
            int v = c.problem.joint().vocabulary();
            int[] frames = c.batch().stream().mapToInt(Utterance::frames).toArray();
            int[][] labels = c.batch().stream().map(Utterance::labels).toArray(int[][]::new);
            int maxFrames = Arrays.stream(frames).max().orElseThrow() + random.nextInt(3);
            int maxLabels = Arrays.stream(labels).mapToInt(y -> y.length).max().orElseThrow() + random.nextInt(3);
            float[] padded = new float[frames.length * maxFrames * (maxLabels + 1) * v];
            Arrays.fill(padded, Float.NaN);
            int nodes = IntStream.range(0, frames.length)
                    .map(b -> frames[b] * (labels[b].length + 1))
                    .sum();
            float[] packed = Cases.gaussian(random, nodes * v, 2);
            int from = 0;
            for (int b = 0; b < frames.length; b++) {
                for (int t = 0; t < frames[b]; t++) {
                    int n = (labels[b].length + 1) * v;
                    System.arraycopy(packed, from, padded, (b * maxFrames + t) * (maxLabels + 1) * v, n);
                    from += n;
                }
            }
            float[] gradient = new float[packed.length];
            try (LogitsLoss loss = LogitsLoss.open(c.options)) {
                Reduction reduction = random.nextBoolean() ? Reduction.SUM : Reduction.MEAN;
                double[] expected = loss.compute(
                                LogitsBatch.packed(MemorySegment.ofArray(packed), v, frames, labels)
                                        .withGradient(MemorySegment.ofArray(gradient)),
                                reduction)
                        .losses();
                double[] actual = loss.compute(
                                LogitsBatch.padded(
                                                MemorySegment.ofArray(padded), maxFrames, maxLabels, v, frames, labels)
                                        .withGradientInPlace(),
                                reduction)
                        .losses();
                assertArrayEquals(expected, actual, 0, c.what);
            }
            from = 0;
            for (int b = 0; b < frames.length; b++) {
                for (int t = 0; t < maxFrames; t++) {
                    for (int i = 0; i < (maxLabels + 1) * v; i++) {
                        boolean inside = t < frames[b] && i < (labels[b].length + 1) * v;
                        float is = padded[(b * maxFrames + t) * (maxLabels + 1) * v + i];
                        assertEquals(inside ? gradient[from++] : 0, is, c.what);
                    }
                }
            }
        }
    }

    /** T = 1, U = 0, U > T, V = 2, one utterance or a few, against the reference. */
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void theSmallestSizes(String provider) {
        List<int[]> all = new ArrayList<>();
        for (int[] length : new int[][] {{1, 0}, {1, 1}, {1, 9}, {2, 0}, {2, 1}, {3, 20}, {90, 0}}) {
            all.add(length);
            for (int vocabulary : new int[] {2, 3, 17}) {
                for (int width : new int[] {1, 5}) {
                    smallest(provider, vocabulary, width, new int[][] {length});
                    smallest(provider, vocabulary, width, all.toArray(int[][]::new));
                }
            }
        }
    }

    private static void smallest(String provider, int vocabulary, int width, int[][] lengths) {
        for (boolean hat : new boolean[] {false, true}) {
            LatticeOptions lattice = new LatticeOptions(vocabulary - 1, Topology.REGULAR, 0, 0, hat, true);
            var problem = Cases.random(11, Activation.TANH, vocabulary - 1, vocabulary, width, lengths);
            Case c = new Case(
                    problem,
                    problem.options("reference", 1).withLattice(lattice),
                    "V=" + vocabulary + " H=" + width + " " + Arrays.deepToString(lengths));
            Answer expected = c.solve(c.full());
            for (String word : SCHEDULES) {
                LossOptions options = c.options.withProvider(provider).withSchedule(Schedule.parse(word));
                expected.isNear(c.solve(options, c.batch(), c.full()), word + " " + c.what);
            }
        }
    }

    /**
     * Gradients of weight and bias collect half a million rows in float32: chunk by chunk, but for the plain loops, which
     * add each product to the whole sum.
     */
    @ParameterizedTest
    @CsvSource({"scalar, 1e-4", "simd, 2e-6"})
    void sumsOverManyRowsKeepTheirDigits(String provider, double tolerance) {
        int[][] lengths = new int[33][];
        Arrays.fill(lengths, new int[] {256, 64});
        var problem = Cases.random(13, Activation.TANH, 0, 3, 2, lengths);
        Case c = new Case(problem, problem.options("reference", 1), "");
        Answer expected = c.solve(c.full());
        Answer actual = c.solve(problem.options(provider, 2), c.batch(), c.full());
        for (int m = 0; m < 2; m++) {
            near(expected.gradients[m], actual.gradients[m], tolerance, provider + " gradient " + m);
        }
    }

    /** Also gradients, and also padded to 100 times what most of them have. */
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void twoThousandUtterancesWhoseLengthsDifferByAHundred(String provider) {
        int[][] lengths = new int[2000][];
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] = b % 500 == 7 ? new int[] {100, 2} : new int[] {1, b % 3};
        }
        var problem = Cases.random(12, Activation.RELU, 0, 5, 4, lengths);
        Case c = new Case(problem, problem.options("reference", 1), "");
        Answer expected = c.solve(c.full());
        for (String word : List.of("batched", "split:64", "packed", "sample-wise", "tiled")) {
            LossOptions options = problem.options(provider, 2).withSchedule(Schedule.parse(word));
            expected.isNear(c.solve(options, c.batch(), c.full()), word);
        }
    }
}
