package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * What rounding does to the edge posteriors of a long lattice, T = 4000 and U = 500, and what of it renormalising removes.
 * The float32 providers run alpha and beta in double; a recursion in float32 is here to compare them with.
 */
class DriftTest {
    private static final int FRAMES = 4000;
    private static final int LABELS = 500;

    private final Cases.Problem problem = Cases.random(1, Activation.TANH, 0, 3, 1, new int[][] {{FRAMES, LABELS}});
    private final Posteriors exact = posteriors("reference", false);

    private Posteriors posteriors(String provider, boolean renormalise) {
        LossOptions options = problem.options(provider, 2)
                .withMemoryBudget(new MemoryBudget(1L << 30))
                .withLattice(new LatticeOptions(0, Topology.REGULAR, 0, 0, false, renormalise));
        try (TransducerLoss loss = TransducerLoss.open(options)) {
            return loss.posteriors(problem.joint(), problem.batch()).getFirst();
        }
    }

    @Test
    void renormalisingRemovesWhatAFloatRecursionDrifts() {
        Posteriors drifted = floatRecursion();
        double plain = measure("float32 recursion", drifted).error;
        double scaled = measure("float32 recursion, renormalised", renormalised(drifted)).error;
        assertTrue(plain > 1e-3 && scaled < plain / 10, scaled + " with, " + plain + " without");
    }

    @Test
    void aDoubleRecursionDoesNotDrift() {
        for (String provider : List.of("scalar", "simd")) {
            for (boolean renormalise : new boolean[] {false, true}) {
                Measured m =
                        measure(provider + (renormalise ? ", renormalised" : ""), posteriors(provider, renormalise));
                assertTrue(m.error < 1e-6 && m.off < 2e-7, provider + " " + m);
            }
        }
    }

    /**
     * How far posteriors are off.
     *
     * @param error |p - exact| / |exact| over all edges
     * @param off the largest |sum - 1| of an anti-diagonal
     */
    private record Measured(double error, double off) {}

    /** Said on standard output, too, as docs/loss.md quotes it. */
    private Measured measure(String what, Posteriors p) {
        double difference = 0;
        double norm = 0;
        for (int t = 0; t < FRAMES; t++) {
            for (int u = 0; u <= LABELS; u++) {
                double blank = p.blank(t, u) - exact.blank(t, u);
                double label = p.label(t, u) - exact.label(t, u);
                difference += blank * blank + label * label;
                norm += exact.blank(t, u) * exact.blank(t, u) + exact.label(t, u) * exact.label(t, u);
            }
        }
        double off = Arrays.stream(sums(p)).map(sum -> Math.abs(sum - 1)).max().orElseThrow();
        Measured measured = new Measured(Math.sqrt(difference / norm), off);
        System.out.printf(
                Locale.ROOT,
                "%-32s posteriors off by %.2g, sums of anti-diagonals by up to %.2g%n",
                what,
                measured.error,
                measured.off);
        return measured;
    }

    private static double[] sums(Posteriors p) {
        double[] sums = new double[FRAMES + LABELS];
        for (int t = 0; t < FRAMES; t++) {
            for (int u = 0; u <= LABELS; u++) {
                sums[t + u] += p.occupancy(t, u);
            }
        }
        return sums;
    }

    private static Posteriors renormalised(Posteriors p) {
        double[] sums = sums(p);
        float[] blank = p.blanks().clone();
        float[] label = p.labels().clone();
        for (int n = 0; n < blank.length; n++) {
            double sum = sums[n / (LABELS + 1) + n % (LABELS + 1)];
            blank[n] = (float) (blank[n] / sum);
            label[n] = (float) (label[n] / sum);
        }
        return new Posteriors(p.band(), blank, label);
    }

    /** Alpha, beta and log P in float32, as is usual on accelerators. */
    private Posteriors floatRecursion() {
        int width = LABELS + 1;
        float[] blank = new float[FRAMES * width];
        float[] label = new float[FRAMES * width];
        Utterance utterance = problem.batch().getFirst();
        LatticeOptions options = LatticeOptions.regular(0);
        for (int n = 0; n < blank.length; n++) {
            double[] logP = LatticeVariantsTest.logProbabilities(problem, utterance, options, n / width, n % width);
            blank[n] = (float) logP[0];
            label[n] = n % width < LABELS ? (float) logP[utterance.labels()[n % width]] : Float.NEGATIVE_INFINITY;
        }
        float[] alpha = new float[blank.length];
        for (int n = 1; n < alpha.length; n++) {
            float stay = n < width ? Float.NEGATIVE_INFINITY : alpha[n - width] + blank[n - width];
            float emit = n % width == 0 ? Float.NEGATIVE_INFINITY : alpha[n - 1] + label[n - 1];
            alpha[n] = logAdd(stay, emit);
        }
        float logP = alpha[alpha.length - 1] + blank[alpha.length - 1];
        float[] beta = new float[width + 1];
        Arrays.fill(beta, Float.NEGATIVE_INFINITY);
        beta[LABELS] = 0;
        for (int n = blank.length - 1; n >= 0; n--) {
            int u = n % width;
            float viaBlank = beta[u] + blank[n];
            float viaLabel = beta[u + 1] + label[n];
            beta[u] = logAdd(viaBlank, viaLabel);
            blank[n] = (float) Math.exp(alpha[n] + viaBlank - logP);
            label[n] = (float) Math.exp(alpha[n] + viaLabel - logP);
        }
        return new Posteriors(Band.full(FRAMES, LABELS), blank, label);
    }

    private static float logAdd(float a, float b) {
        float max = Math.max(a, b);
        return max == Float.NEGATIVE_INFINITY ? max : max + (float) Math.log1p(Math.exp(Math.min(a, b) - max));
    }
}
