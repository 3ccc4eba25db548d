package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.Schedule;

/** Alignments into bands and best paths out of lattices, against all paths one by one. */
class AlignmentTest {
    /** A path: the frame of each label, and its log-probability. */
    private record Path(int[] frames, double logProbability) {}

    /** All paths of a lattice, in the order of their frames. */
    private static List<Path> paths(Utterance utterance, JointNetwork joint, LatticeOptions options) {
        int[] labels = utterance.labels();
        double[][][] logP = new double[utterance.frames()][labels.length + 1][];
        var problem = new Cases.Problem(joint, List.of(utterance), options.blank());
        for (int t = 0; t < logP.length; t++) {
            for (int u = 0; u <= labels.length; u++) {
                logP[t][u] = LatticeVariantsTest.logProbabilities(problem, utterance, options, t, u);
            }
        }
        List<Path> found = new ArrayList<>();
        extend(logP, labels, options, new int[labels.length], 0, 0, 0, found);
        return found;
    }

    private static void extend(
            double[][][] logP,
            int[] labels,
            LatticeOptions options,
            int[] frames,
            int t,
            int u,
            double sum,
            List<Path> found) {
        if (t == logP.length) {
            if (u == labels.length) {
                found.add(new Path(frames.clone(), sum));
            }
            return;
        }
        int blank = options.blank();
        if (u < labels.length) {
            frames[u] = t;
            double edge = logP[t][u][labels[u]];
            switch (options.topology()) {
                case REGULAR -> extend(logP, labels, options, frames, t, u + 1, sum + edge, found);
                case MODIFIED -> extend(logP, labels, options, frames, t + 1, u + 1, sum + edge, found);
                case CONSTRAINED ->
                    extend(logP, labels, options, frames, t + 1, u + 1, sum + edge + logP[t][u + 1][blank], found);
            }
        }
        extend(logP, labels, options, frames, t + 1, u, sum + logP[t][u][blank], found);
    }

    private static boolean allowed(int[] frames, int[] aligned, int left, int right) {
        for (int u = 0; u < frames.length; u++) {
            if (frames[u] < aligned[u] - left || frames[u] > aligned[u] + right) {
                return false;
            }
        }
        return true;
    }

    /** The nodes that paths visit, or that give them their forced blanks. */
    private static boolean[][] visited(List<int[]> paths, int frames, int labels, Topology topology) {
        boolean[][] visited = new boolean[frames][labels + 1];
        for (int[] path : paths) {
            int u = 0;
            for (int t = 0; t < frames; t++) {
                visited[t][u] = true;
                while (u < labels && path[u] == t) {
                    u++;
                    if (topology != Topology.MODIFIED) {
                        visited[t][u] = true;
                    }
                }
            }
        }
        return visited;
    }

    private static LatticeOptions lattice(Topology topology) {
        return new LatticeOptions(1, topology, 0, 0, false, true);
    }

    private static LossResult solve(Cases.Problem problem, List<Band> bands, LossOptions options) {
        problem.joint().weight().gradient().data().fill((byte) 0);
        problem.joint().bias().gradient().data().fill((byte) 0);
        try (TransducerLoss loss = TransducerLoss.open(options)) {
            return loss.compute(problem.joint(), problem.batch(), bands, Reduction.SUM);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void theBandHoldsThePathsNearTheAlignmentAndNoNodeMore(Topology topology) {
        Random random = new Random(1);
        int without = 0;
        int with = 0;
        for (int round = 0; round < 400; round++) {
            int frames = 1 + random.nextInt(6);
            int labels = random.nextInt(5);
            int left = random.nextInt(3);
            int right = random.nextInt(4);
            // Some go back, some lie outside of the sound: what counts is whether a path is left.
            int[] aligned = random.ints(labels, -1, frames + 2).toArray();
            if (round % 4 != 0) {
                Arrays.sort(aligned);
            }
            var problem = Cases.random(round, Activation.TANH, 1, 5, 4, new int[][] {{frames, labels}});
            List<Path> near = paths(problem.batch().getFirst(), problem.joint(), lattice(topology)).stream()
                    .filter(path -> allowed(path.frames, aligned, left, right))
                    .toList();
            AlignmentBounds bounds = new AlignmentBounds(left, right);
            String what = Arrays.toString(aligned) + " of " + frames + " frames, " + bounds;
            if (near.isEmpty()) {
                without++;
                String message = assertThrows(
                                IllegalArgumentException.class,
                                () -> bounds.band("lost", aligned, frames, topology),
                                what)
                        .getMessage();
                assertTrue(message.contains("utterance lost") && message.contains("token"), message);
                continue;
            }
            with++;
            Band band = bounds.band("u", aligned, frames, topology);
            assertEquals(-1, band.blocked(topology), what);
            boolean[][] visited = visited(near.stream().map(Path::frames).toList(), frames, labels, topology);
            for (int t = 0; t < frames; t++) {
                for (int u = 0; u <= labels; u++) {
                    assertEquals(visited[t][u], band.contains(t, u), what + " at " + t + ", " + u);
                }
            }
            double expected = -Math.log(near.stream()
                    .mapToDouble(path -> Math.exp(path.logProbability))
                    .sum());
            for (String provider : List.of("reference", "scalar", "simd")) {
                LossOptions options = LossOptions.defaults()
                        .withProvider(provider)
                        .withThreads(1)
                        .withLattice(lattice(topology));
                assertEquals(expected, solve(problem, List.of(band), options).sum(), 2e-5, what + " " + provider);
            }
        }
        assertTrue(without > 50 && with > 50, without + " and " + with);
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void gradientsOfABandAgreeWithDifferencesAndBetweenProviders(Topology topology) {
        Random random = new Random(2);
        int[][] lengths = {{30, 9}, {12, 12}, {8, 0}, {41, 17}};
        var problem = Cases.random(3, Activation.TANH, 1, 19, 11, lengths);
        List<Band> bands = new ArrayList<>();
        for (int[] length : lengths) {
            int[] aligned = random.ints(length[1], 0, length[0]).sorted().toArray();
            for (int u = 1; u < aligned.length; u++) {
                aligned[u] = Math.max(aligned[u], u);
            }
            bands.add(new AlignmentBounds(12, 12).band("u", aligned, length[0], topology));
        }
        LossOptions options = LossOptions.defaults().withThreads(2).withLattice(lattice(topology));
        double expected =
                solve(problem, bands, options.withProvider("reference")).sum();
        float[][] gradients = problem.gradients();
        double[] pair = Cases.directional(
                problem.values(),
                gradients,
                () -> solve(problem, bands, options.withProvider("reference")).sum(),
                4);
        assertEquals(pair[1], pair[0], 3e-4 * Math.max(Math.abs(pair[1]), 0.05));
        for (String provider : List.of("scalar", "simd")) {
            assertEquals(
                    expected,
                    solve(problem, bands, options.withProvider(provider)).sum(),
                    2e-6 * expected);
            float[][] again = problem.gradients();
            for (int m = 0; m < gradients.length; m++) {
                assertTrue(Cases.distance(again[m], gradients[m]) < 1e-5, provider + " gradient " + m);
            }
        }
    }

    @Test
    void anAlignmentWithoutAPathNamesUtteranceAndToken() {
        AlignmentBounds tight = new AlignmentBounds(0, 1);
        String crowded = assertThrows(
                        IllegalArgumentException.class,
                        () -> tight.band("ann-3", new int[] {2, 2, 2}, 9, Topology.MODIFIED))
                .getMessage();
        assertEquals(
                "utterance ann-3: the alignment leaves no path: token 2, aligned to frame 2, may be emitted at frames 2 to"
                        + " 3, but the tokens before it and the utterance's 9 frames leave frames 4 to 8",
                crowded);
        assertEquals(
                3, tight.band("ann-3", new int[] {2, 2, 2}, 9, Topology.REGULAR).labels());
        String late = assertThrows(
                        IllegalArgumentException.class, () -> tight.band("bob", new int[] {4, 9}, 9, Topology.REGULAR))
                .getMessage();
        assertTrue(late.contains("bob") && late.contains("token 1, aligned to frame 9"), late);
        String full = assertThrows(
                        IllegalArgumentException.class,
                        () -> tight.band("eve", new int[] {0, 1}, 1, Topology.CONSTRAINED))
                .getMessage();
        assertTrue(full.contains("token 1") && full.endsWith("1 frames leave none"), full);
        assertThrows(IllegalArgumentException.class, () -> new AlignmentBounds(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new AlignmentBounds(0, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void theBestPathIsTheBestOfAllPaths(String provider) {
        int[][] lengths = {{6, 3}, {4, 4}, {5, 0}, {1, 1}, {8, 2}, {1, 0}};
        for (Topology topology : Topology.values()) {
            LatticeOptions lattice = lattice(topology);
            LossOptions options = LossOptions.defaults()
                    .withProvider(provider)
                    .withThreads(2)
                    .withLattice(lattice)
                    .withSchedule(Schedule.parse(topology == Topology.REGULAR ? "tiled" : "batched"));
            for (int seed = 0; seed < 20; seed++) {
                var problem = Cases.random(seed, Activation.TANH, 1, 5, 4, lengths);
                try (TransducerLoss loss = TransducerLoss.open(options)) {
                    List<BestPath> found = loss.align(problem.joint(), problem.batch());
                    List<Band> bands = new ArrayList<>();
                    for (int b = 0; b < lengths.length; b++) {
                        Path best = best(paths(problem.batch().get(b), problem.joint(), lattice));
                        assertArrayEquals(best.frames, found.get(b).frames(), topology + " " + seed + " " + b);
                        assertEquals(best.logProbability, found.get(b).logProbability(), 1e-5);
                        bands.add(new AlignmentBounds(0, 0).band("u", best.frames, lengths[b][0], topology));
                    }
                    // The band of that path alone: its loss is the path's own, and it is found again.
                    assertEquals(
                            -found.stream()
                                    .mapToDouble(BestPath::logProbability)
                                    .sum(),
                            loss.compute(problem.joint(), problem.batch(), bands, Reduction.SUM)
                                    .sum(),
                            1e-4);
                    List<BestPath> again = loss.align(problem.joint(), problem.batch(), bands);
                    for (int b = 0; b < lengths.length; b++) {
                        assertArrayEquals(found.get(b).frames(), again.get(b).frames());
                    }
                }
            }
        }
    }

    private static Path best(List<Path> paths) {
        Path best = paths.getFirst();
        for (Path path : paths) {
            best = path.logProbability > best.logProbability ? path : best;
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void amongEqualPathsTheFirstToEmitIsTaken(String provider) {
        var problem = Cases.random(1, Activation.TANH, 1, 4, 3, new int[][] {{6, 3}});
        problem.joint().weight().value().data().fill((byte) 0);
        problem.joint().bias().value().data().fill((byte) 0);
        LossOptions options = LossOptions.defaults().withProvider(provider).withBlank(1);
        try (TransducerLoss loss = TransducerLoss.open(options)) {
            assertArrayEquals(
                    new int[] {0, 0, 0},
                    loss.align(problem.joint(), problem.batch()).getFirst().frames());
        }
        try (TransducerLoss loss = TransducerLoss.open(options.withTopology(Topology.MODIFIED))) {
            assertArrayEquals(
                    new int[] {0, 1, 2},
                    loss.align(problem.joint(), problem.batch()).getFirst().frames());
        }
    }

    @Test
    void tilesAndThreadsDoNotMoveThePath() {
        int[][] lengths = {{300, 40}, {90, 30}, {2, 0}, {150, 3}};
        var problem = Cases.random(6, Activation.TANH, 1, 40, 24, lengths);
        List<BestPath> expected = null;
        for (String schedule : List.of("sample-wise", "tiled", "packed", "batched", "split:2")) {
            for (int threads : new int[] {1, 3}) {
                LossOptions options = problem.options("simd", threads).withSchedule(Schedule.parse(schedule));
                try (TransducerLoss loss = TransducerLoss.open(options)) {
                    List<BestPath> found = loss.align(problem.joint(), problem.batch());
                    expected = expected == null ? found : expected;
                    for (int b = 0; b < lengths.length; b++) {
                        assertArrayEquals(expected.get(b).frames(), found.get(b).frames(), schedule);
                        assertEquals(
                                expected.get(b).logProbability(), found.get(b).logProbability(), 0, schedule);
                    }
                }
            }
        }
    }

    @Test
    void whereThereIsNoPathThereAreNoFrames() {
        var problem = Cases.random(7, Activation.TANH, 1, 6, 4, new int[][] {{2, 3}, {4, 2}});
        LossOptions options = problem.options("simd", 1).withTopology(Topology.MODIFIED);
        try (TransducerLoss loss = TransducerLoss.open(options.withNonFinite(NonFinite.SKIP))) {
            List<BestPath> paths = loss.align(problem.joint(), problem.batch());
            assertEquals(0, paths.getFirst().frames().length);
            assertEquals(Double.NEGATIVE_INFINITY, paths.getFirst().logProbability());
            assertEquals(2, paths.getLast().frames().length);
        }
        problem.joint().bias().value().data().set(ValueLayout.JAVA_FLOAT, 0, Float.NaN);
        try (TransducerLoss loss = TransducerLoss.open(options)) {
            List<Utterance> second = problem.batch().subList(1, 2);
            assertEquals(
                    "u1",
                    assertThrows(NonFiniteLossException.class, () -> loss.align(problem.joint(), second))
                            .utterance());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void posteriorsSumToOneOverAnAntiDiagonal(String provider) {
        var problem = Cases.random(5, Activation.TANH, 0, 12, 9, new int[][] {{30, 11}, {1, 4}, {7, 0}});
        try (TransducerLoss loss = TransducerLoss.open(problem.options(provider, 2))) {
            List<Posteriors> all = loss.posteriors(problem.joint(), problem.batch());
            for (int b = 0; b < all.size(); b++) {
                Posteriors posteriors = all.get(b);
                int frames = problem.batch().get(b).frames();
                int labels = problem.batch().get(b).labels().length;
                for (int d = 0; d < frames + labels; d++) {
                    double sum = 0;
                    for (int u = 0; u <= labels; u++) {
                        int t = d - u;
                        sum += t >= 0 && t < frames ? posteriors.occupancy(t, u) : 0;
                    }
                    assertEquals(1, sum, 1e-5);
                }
                double emitted = 0;
                for (int t = 0; t < frames && labels > 0; t++) {
                    emitted += posteriors.label(t, 0);
                }
                assertEquals(labels > 0 ? 1 : 0, emitted, 1e-5);
                assertEquals(0, posteriors.occupancy(frames, labels));
            }
        }
    }
}
