package org.transducer4j.loss.internal.cpu;

import java.util.Arrays;

/** The speed of the bare product: each thread multiplies the same strip and panel, which stay in its cache. */
final class ProductPeak {
    private static final int DEPTH = 256;
    private static final long WINDOW_NANOS = 100_000_000;

    /** Between two looks at the clock. */
    private static final int BLOCKS_A_LOOK = 20;

    private ProductPeak() {}

    /** Operations a second. */
    static double measure(Operations operations, Workers workers) {
        double[] rates = new double[workers.threads()];
        workers.run(rates.length, Long.MAX_VALUE, thread -> rates[thread] = rate(operations));
        return Arrays.stream(rates).sum();
    }

    private static double rate(Operations operations) {
        int strip = operations.strip();
        int vectors = operations.wide();
        int panel = vectors * operations.lanes();
        float[] a = new float[DEPTH * strip];
        float[] b = new float[DEPTH * panel];
        float[] c = new float[strip * panel];
        int rows = operations.blockRows();
        long blocks = 0;
        long begin = System.nanoTime();
        long nanos = 0;
        while (nanos < WINDOW_NANOS) {
            for (int i = 0; i < BLOCKS_A_LOOK; i++) {
                operations.block(a, 0, b, 0, DEPTH, vectors, c, 0, operations.lanes(), panel, true);
            }
            blocks += BLOCKS_A_LOOK;
            nanos = System.nanoTime() - begin;
        }
        return 2.0 * rows * panel * DEPTH * blocks / (nanos * 1e-9);
    }
}
