package org.transducer4j.bench.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.transducer4j.loss.Activation;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.LossResult;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Parameter;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.Utterance;

/**
 * How fast this machine computes joint network, loss and gradients of a size.
 *
 * @param operationsPerSecond of the joint network's products, everything else done meanwhile
 * @param threads that computed
 */
public record Rate(double operationsPerSecond, int threads) {
    private static final int LABELS = 15;
    private static final double OPERATIONS = 4e9;

    /**
     * Measures: one utterance again and again, the best of what fits the time; the JVM warms up meanwhile.
     *
     * @param size of the joint network
     * @param threads number of threads
     * @param seconds that it may take
     * @return the rate
     */
    public static Rate measure(HeadSize size, int threads, double seconds) {
        double perFrame = (LABELS + 1) * 6.0 * size.vocabulary() * size.width();
        int frames = (int) Math.clamp(OPERATIONS / perFrame, 4, 1000);
        Random random = new Random(1);
        int[] labels = new int[LABELS];
        Arrays.setAll(labels, u -> 1 + random.nextInt(size.vocabulary() - 1));
        try (Arena arena = Arena.ofShared();
                TransducerLoss loss = TransducerLoss.open(LossOptions.defaults().withThreads(threads))) {
            JointNetwork joint = new JointNetwork(
                    Activation.TANH,
                    random(arena, random, size.vocabulary(), size.width()),
                    random(arena, random, 1, size.vocabulary()));
            List<Utterance> batch = List.of(new Utterance(
                    "of the measurement",
                    random(arena, random, frames, size.width()),
                    random(arena, random, LABELS + 1, size.width()),
                    labels));
            double best = 0;
            long begin = System.nanoTime();
            do {
                long from = System.nanoTime();
                LossResult result = loss.compute(joint, batch);
                double operations = 6.0 * result.nodes() * size.vocabulary() * size.width();
                best = Math.max(best, operations / ((System.nanoTime() - from) * 1e-9));
            } while (System.nanoTime() - begin < seconds * 1e9);
            return new Rate(best, threads);
        }
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
