package org.transducer4j.bench.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * How fast this machine computes joint network, loss and gradients of a size.
 *
 * @param operationsPerSecond of the joint network's products, everything else done meanwhile
 * @param threads that computed; 0 where the speed was given instead of measured
 */
public record Rate(double operationsPerSecond, int threads) {
    /** Faster than any machine. */
    public static final double MOST_GFLOPS = 1e12;

    private static final int LABELS = 15;

    /** Of a call while the JVM warms up: interpreted, the kernels are a hundred times slower. */
    private static final double WARM_UP_OPERATIONS = 1e7;

    /** Of a call that counts: enough to fill the tiles. */
    private static final double OPERATIONS = 1e9;

    /** Warm is when so long nothing has got faster. */
    private static final double STEADY_SECONDS = 1;

    private static final double FASTER = 1.03;

    private static final double MOST_SECONDS = 20;

    /** Larger output layers go as fast and needn't be made for that. */
    private static final HeadSize LARGEST = new HeadSize(16_384, 2048);

    /**
     * A speed that somebody says.
     *
     * @param gflops 10^9 operations a second
     * @return the rate
     * @throws IllegalArgumentException if it isn't above 0 and below {@link #MOST_GFLOPS}
     */
    public static Rate given(double gflops) {
        if (!(gflops > 0 && gflops < MOST_GFLOPS)) {
            throw new IllegalArgumentException(
                    "the speed must be above 0 and below %.0f GFLOP/s, not %s".formatted(MOST_GFLOPS, gflops));
        }
        return new Rate(gflops * 1e9, 0);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.0f GFLOP/s %s",
                operationsPerSecond / 1e9,
                threads == 0 ? "as given" : "measured on " + threads + " threads");
    }

    /**
     * Measures: short utterances while the JVM warms up, then longer ones until they get no faster. The fastest counts.
     *
     * @param size of the joint network
     * @param threads number of threads
     * @param seconds to warm up at least
     * @return the rate
     */
    public static Rate measure(HeadSize size, int threads, double seconds) {
        return measureExactly(
                new HeadSize(
                        Math.min(size.vocabulary(), LARGEST.vocabulary()), Math.min(size.width(), LARGEST.width())),
                threads,
                seconds);
    }

    private static Rate measureExactly(HeadSize size, int threads, double seconds) {
        Random random = new Random(1);
        try (Arena arena = Arena.ofShared();
                TransducerLoss loss = TransducerLoss.open(LossOptions.defaults()
                        .withThreads(threads)
                        .withOccupancyFloor(0)
                        .withMemoryBudget(new MemoryBudget(1L << 30)))) {
            JointNetwork joint = new JointNetwork(
                    Activation.TANH,
                    random(arena, random, size.vocabulary(), size.width()),
                    random(arena, random, 1, size.vocabulary()));
            List<Utterance> small = List.of(utterance(arena, random, size, WARM_UP_OPERATIONS));
            long begin = System.nanoTime();
            do {
                loss.compute(joint, small, Reduction.SUM);
            } while (seconds(begin) < seconds);
            List<Utterance> large = List.of(utterance(arena, random, size, OPERATIONS));
            double best = 0;
            long steady = System.nanoTime();
            while (seconds(steady) < STEADY_SECONDS && seconds(begin) < seconds + MOST_SECONDS) {
                long from = System.nanoTime();
                LossResult result = loss.compute(joint, large, Reduction.SUM);
                double rate = operationsPerNode(size) * result.nodes() / seconds(from);
                if (rate > FASTER * best) {
                    steady = System.nanoTime();
                }
                best = Math.max(best, rate);
            }
            return new Rate(best, threads);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) * 1e-9;
    }

    private static double operationsPerNode(HeadSize size) {
        return 6.0 * size.vocabulary() * size.width();
    }

    private static Utterance utterance(Arena arena, Random random, HeadSize size, double operations) {
        int frames = (int) Math.clamp(operations / (operationsPerNode(size) * (LABELS + 1)), 1, 1000);
        int[] labels = new int[LABELS];
        Arrays.setAll(labels, u -> 1 + random.nextInt(size.vocabulary() - 1));
        return new Utterance(
                "of the measurement",
                random(arena, random, frames, size.width()),
                random(arena, random, LABELS + 1, size.width()),
                labels);
    }

    private static Parameter random(Arena arena, Random random, long rows, int columns) {
        Matrix value = Matrix.zeros(arena, rows, columns);
        double scale = 1 / Math.sqrt(columns);
        for (long i = 0; i < rows * columns; i++) {
            value.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (scale * random.nextGaussian()));
        }
        return new Parameter(value, Matrix.zeros(arena, rows, columns));
    }
}
