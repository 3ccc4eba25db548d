package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Scores;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;

/** Bands, topologies and variants against the sum over all paths, and against differences. */
class LatticeVariantsTest {
    /** -log of the sum over all paths of the joint network's own log-probabilities. */
    private static double enumerate(Cases.Problem problem, int b, Band band, LatticeOptions options) {
        Utterance utterance = problem.batch().get(b);
        return -Math.log(paths(problem, utterance, band, options, 0, 0));
    }

    private static double paths(
            Cases.Problem problem, Utterance utterance, Band band, LatticeOptions options, int t, int u) {
        int[] labels = utterance.labels();
        if (t == utterance.frames()) {
            return u == labels.length ? 1 : 0;
        }
        if (!band.contains(t, u)) {
            return 0;
        }
        double[] logP = logProbabilities(problem, utterance, options, t, u);
        double sum = Math.exp(logP[options.blank()]) * paths(problem, utterance, band, options, t + 1, u);
        if (u < labels.length) {
            double edge = Math.exp(logP[labels[u]] + options.labelBonus(t, utterance.frames()));
            sum += switch (options.topology()) {
                case REGULAR -> edge * paths(problem, utterance, band, options, t, u + 1);
                case MODIFIED -> edge * paths(problem, utterance, band, options, t + 1, u + 1);
                case CONSTRAINED ->
                    band.contains(t, u + 1)
                            ? edge
                                    * Math.exp(logProbabilities(problem, utterance, options, t, u + 1)[options.blank()])
                                    * paths(problem, utterance, band, options, t + 1, u + 1)
                            : 0;
            };
        }
        return sum;
    }

    static double[] logProbabilities(Cases.Problem problem, Utterance utterance, LatticeOptions options, int t, int u) {
        JointNetwork joint = problem.joint();
        float[] z = new float[joint.vocabulary()];
        for (int v = 0; v < z.length; v++) {
            double sum = joint.bias().value().get(0, v);
            for (int i = 0; i < joint.width(); i++) {
                double a = utterance.encoder().value().get(t, i)
                        + utterance.predictor().value().get(u, i);
                sum += joint.weight().value().get(v, i) * Math.tanh(a);
            }
            z[v] = (float) sum;
        }
        if (!options.hat()) {
            return Cases.logSoftmax(z, 0, z.length);
        }
        double blank = z[options.blank()];
        z[options.blank()] = Float.NEGATIVE_INFINITY;
        double[] logP = Cases.logSoftmax(z, 0, z.length);
        double logBlank = -Math.log1p(Math.exp(-blank));
        for (int v = 0; v < z.length; v++) {
            logP[v] = v == options.blank() ? logBlank : logP[v] - Math.log1p(Math.exp(blank));
        }
        return logP;
    }

    private static Band randomBand(Random random, int frames, int labels) {
        int[] begin = new int[frames];
        int[] end = new int[frames];
        for (int t = 0; t < frames; t++) {
            double centre = frames == 1 ? 0 : (double) labels * t / (frames - 1);
            begin[t] = Math.max(t == 0 ? 0 : begin[t - 1], (int) Math.floor(centre - random.nextInt(3) - 1));
            end[t] = Math.max(t == 0 ? 1 : end[t - 1], (int) Math.ceil(centre + random.nextInt(3) + 2));
            begin[t] = Math.clamp(begin[t], 0, labels);
            end[t] = Math.min(end[t], labels + 1);
        }
        begin[0] = 0;
        end[frames - 1] = labels + 1;
        return Band.of(labels, begin, end);
    }

    private static List<LatticeOptions> variants() {
        List<LatticeOptions> variants = new ArrayList<>();
        for (Topology topology : Topology.values()) {
            for (boolean hat : new boolean[] {false, true}) {
                variants.add(new LatticeOptions(1, topology, 0, 0, hat, true));
                variants.add(new LatticeOptions(1, topology, 0, 0.3, hat, false));
            }
        }
        return variants;
    }

    private static LossResult solve(Cases.Problem problem, List<Band> bands, LossOptions options) {
        problem.joint().weight().gradient().data().fill((byte) 0);
        problem.joint().bias().gradient().data().fill((byte) 0);
        try (TransducerLoss loss = TransducerLoss.open(options)) {
            return loss.compute(problem.joint(), problem.batch(), bands, Reduction.SUM);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void lossIsTheSumOverThePathsOfTheBand(String provider) {
        Random random = new Random(1);
        int[][] lengths = {{6, 3}, {4, 4}, {5, 0}, {1, 1}, {7, 2}};
        for (LatticeOptions lattice : variants()) {
            var problem = Cases.random(2, Activation.TANH, 1, 6, 5, lengths);
            List<Band> bands = new ArrayList<>();
            for (int[] length : lengths) {
                Band band = randomBand(random, length[0], length[1]);
                bands.add(band.blocked(lattice.topology()) < 0 ? band : Band.full(length[0], length[1]));
            }
            LossResult result = solve(
                    problem,
                    bands,
                    LossOptions.defaults().withProvider(provider).withLattice(lattice));
            for (int b = 0; b < lengths.length; b++) {
                assertEquals(enumerate(problem, b, bands.get(b), lattice), result.losses()[b], 2e-5, lattice + " " + b);
            }
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        int[][] lengths = {{9, 4}, {6, 6}, {8, 0}};
        for (LatticeOptions lattice : variants()) {
            Random random = new Random(3);
            var problem = Cases.random(4, Activation.TANH, 1, 7, 5, lengths);
            List<Band> bands = new ArrayList<>();
            for (int[] length : lengths) {
                Band band = randomBand(random, length[0], length[1]);
                bands.add(band.blocked(lattice.topology()) < 0 ? band : Band.full(length[0], length[1]));
            }
            LossOptions options =
                    LossOptions.defaults().withProvider("reference").withLattice(lattice);
            solve(problem, bands, options);
            float[][] gradients = problem.gradients();
            double[] pair = Cases.directional(
                    problem.values(),
                    gradients,
                    () -> solve(problem, bands, options).sum(),
                    5);
            assertEquals(pair[1], pair[0], 2e-4 * Math.max(Math.abs(pair[1]), 0.05), lattice.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void variantsAgreeWithTheReference(String provider) {
        Random random = new Random(6);
        List<LatticeOptions> variants = new ArrayList<>(variants());
        variants.add(new LatticeOptions(1, Topology.REGULAR, 0.02, 0, false, true));
        variants.add(new LatticeOptions(1, Topology.MODIFIED, 0.5, 0.1, true, true));
        int[][] lengths = {{40, 12}, {13, 13}, {90, 2}, {5, 0}, {1, 0}};
        for (LatticeOptions lattice : variants) {
            for (int round = 0; round < 3; round++) {
                var problem = Cases.random(random.nextLong(), Activation.TANH, 1, 33, 17, lengths);
                List<Band> bands = new ArrayList<>();
                for (int[] length : lengths) {
                    Band band = randomBand(random, length[0], length[1]);
                    boolean full = round == 0 || band.blocked(lattice.topology()) >= 0;
                    bands.add(full ? Band.full(length[0], length[1]) : band);
                }
                LossOptions options = LossOptions.defaults().withLattice(lattice);
                LossResult expected = solve(problem, bands, options.withProvider("reference"));
                float[][] gradients = problem.gradients();
                LossResult actual = solve(problem, bands, options.withProvider(provider));
                assertEquals(expected.sum(), actual.sum(), 2e-6 * Math.abs(expected.sum()), lattice.toString());
                float[][] again = problem.gradients();
                for (int m = 0; m < gradients.length; m++) {
                    assertTrue(
                            Cases.distance(again[m], gradients[m]) < 1e-5,
                            lattice + " gradient " + m + ": " + Cases.distance(again[m], gradients[m]));
                }
            }
        }
    }

    @Test
    void fastEmitScalesTheGradientsOfLabelsOnly() {
        int v = 5;
        int[] y = {3, 2};
        Random random = new Random(7);
        float[] logits = Cases.gaussian(random, 4 * 3 * v, 1);
        for (int row = 0; row < logits.length; row += v) {
            double[] logP = Cases.logSoftmax(logits, row, v);
            for (int k = 0; k < v; k++) {
                logits[row + k] = (float) logP[k];
            }
        }
        float[] plain = new float[logits.length];
        float[] fast = new float[logits.length];
        LogitsBatch batch = LogitsBatch.packed(MemorySegment.ofArray(logits), v, new int[] {4}, new int[][] {y})
                .withScores(Scores.LOG_PROBABILITIES);
        for (String provider : List.of("reference", "scalar", "simd")) {
            LossOptions options = LossOptions.defaults().withProvider(provider);
            double loss;
            try (LogitsLoss l = LogitsLoss.open(options)) {
                loss = l.compute(batch.withGradient(MemorySegment.ofArray(plain)), Reduction.SUM)
                        .sum();
            }
            try (LogitsLoss l = LogitsLoss.open(
                    options.withLattice(new LatticeOptions(0, Topology.REGULAR, 0.25, 0, false, true)))) {
                assertEquals(
                        loss,
                        l.compute(batch.withGradient(MemorySegment.ofArray(fast)), Reduction.SUM)
                                .sum(),
                        0);
            }
            for (int i = 0; i < plain.length; i++) {
                assertEquals(plain[i] * (i % v == 0 ? 1 : 1.25), fast[i], 1e-6, "blank " + (i % v == 0));
            }
        }
    }

    @Test
    void bandsWithoutAPathAreNamed() {
        var problem = Cases.random(9, Activation.TANH, 0, 12, 6, new int[][] {{3, 4}});
        Band gap = Band.of(4, new int[] {0, 2, 2}, new int[] {2, 5, 5});
        var failure = assertThrows(
                IllegalArgumentException.class, () -> solve(problem, List.of(gap), LossOptions.defaults()));
        assertTrue(
                failure.getMessage().contains("u0") && failure.getMessage().contains("frame 1"), failure.getMessage());
        var modified = assertThrows(
                IllegalArgumentException.class,
                () -> solve(
                        problem,
                        List.of(Band.full(3, 4)),
                        LossOptions.defaults().withTopology(Topology.MODIFIED)));
        assertTrue(modified.getMessage().contains("4 labels"), modified.getMessage());
        for (String provider : List.of("reference", "scalar", "simd")) {
            LossOptions skipping = LossOptions.defaults().withProvider(provider).withNonFinite(NonFinite.SKIP);
            LossResult gone = solve(problem, List.of(Band.full(3, 4)), skipping.withTopology(Topology.MODIFIED));
            assertEquals(List.of(0), gone.skipped(), provider);
            assertEquals(Double.POSITIVE_INFINITY, gone.losses()[0], provider);
            assertEquals(List.of(0), solve(problem, List.of(gap), skipping).skipped(), provider);
        }
        assertThrows(IllegalArgumentException.class, () -> Band.of(2, new int[] {0, 0}, new int[] {0, 3}));
        assertThrows(IllegalArgumentException.class, () -> Band.of(2, new int[] {1, 0}, new int[] {2, 3}));
        assertThrows(IllegalArgumentException.class, () -> Band.of(2, new int[] {0, 0}, new int[] {2, 4}));
    }
}
