package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The block of the matrix product where there are 32 vector registers: 10 rows x 2 vectors, 20 accumulators. They stand as
 * variables since the JIT compiler keeps no array of vectors in registers. The rest is there so that it finds registers for
 * all of them in every run, and not only in most (docs/performance.md has what was tried): two loops, where one would do, the
 * inner one over an index from which it can take all checks of bounds out; no branch; four registers to spare.
 */
final class Block10x2 {
    static final int STRIP = 10;
    static final int PANEL = 2 * LANES;

    /** What a product is added to that isn't added to anything. */
    private static final float[] ZEROS = new float[PANEL];

    private Block10x2() {}

    static void apply(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int ldc, boolean add) {
        FloatVector c0a = FloatVector.zero(SPECIES);
        FloatVector c0b = FloatVector.zero(SPECIES);
        FloatVector c1a = FloatVector.zero(SPECIES);
        FloatVector c1b = FloatVector.zero(SPECIES);
        FloatVector c2a = FloatVector.zero(SPECIES);
        FloatVector c2b = FloatVector.zero(SPECIES);
        FloatVector c3a = FloatVector.zero(SPECIES);
        FloatVector c3b = FloatVector.zero(SPECIES);
        FloatVector c4a = FloatVector.zero(SPECIES);
        FloatVector c4b = FloatVector.zero(SPECIES);
        FloatVector c5a = FloatVector.zero(SPECIES);
        FloatVector c5b = FloatVector.zero(SPECIES);
        FloatVector c6a = FloatVector.zero(SPECIES);
        FloatVector c6b = FloatVector.zero(SPECIES);
        FloatVector c7a = FloatVector.zero(SPECIES);
        FloatVector c7b = FloatVector.zero(SPECIES);
        FloatVector c8a = FloatVector.zero(SPECIES);
        FloatVector c8b = FloatVector.zero(SPECIES);
        FloatVector c9a = FloatVector.zero(SPECIES);
        FloatVector c9b = FloatVector.zero(SPECIES);
        for (int k = 0, group = ao; k < depth; k += LANES, group += STRIP * LANES) {
            int first = bo + k * PANEL;
            int lanes = Math.min(LANES, depth - k);
            for (int lane = 0; lane < lanes; lane++) {
                FloatVector ba = FloatVector.fromArray(SPECIES, b, first + lane * PANEL);
                FloatVector bb = FloatVector.fromArray(SPECIES, b, first + lane * PANEL + LANES);
                FloatVector x = FloatVector.broadcast(SPECIES, a[group + lane]);
                c0a = x.fma(ba, c0a);
                c0b = x.fma(bb, c0b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + LANES]);
                c1a = x.fma(ba, c1a);
                c1b = x.fma(bb, c1b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 2 * LANES]);
                c2a = x.fma(ba, c2a);
                c2b = x.fma(bb, c2b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 3 * LANES]);
                c3a = x.fma(ba, c3a);
                c3b = x.fma(bb, c3b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 4 * LANES]);
                c4a = x.fma(ba, c4a);
                c4b = x.fma(bb, c4b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 5 * LANES]);
                c5a = x.fma(ba, c5a);
                c5b = x.fma(bb, c5b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 6 * LANES]);
                c6a = x.fma(ba, c6a);
                c6b = x.fma(bb, c6b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 7 * LANES]);
                c7a = x.fma(ba, c7a);
                c7b = x.fma(bb, c7b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 8 * LANES]);
                c8a = x.fma(ba, c8a);
                c8b = x.fma(bb, c8b);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 9 * LANES]);
                c9a = x.fma(ba, c9a);
                c9b = x.fma(bb, c9b);
            }
        }
        float[] sum = add ? c : ZEROS;
        int so = add ? co : 0;
        int lds = add ? ldc : 0;
        c0a.add(FloatVector.fromArray(SPECIES, sum, so)).intoArray(c, co);
        c0b.add(FloatVector.fromArray(SPECIES, sum, so + LANES)).intoArray(c, co + LANES);
        c1a.add(FloatVector.fromArray(SPECIES, sum, so + lds)).intoArray(c, co + ldc);
        c1b.add(FloatVector.fromArray(SPECIES, sum, so + lds + LANES)).intoArray(c, co + ldc + LANES);
        c2a.add(FloatVector.fromArray(SPECIES, sum, so + 2 * lds)).intoArray(c, co + 2 * ldc);
        c2b.add(FloatVector.fromArray(SPECIES, sum, so + 2 * lds + LANES)).intoArray(c, co + 2 * ldc + LANES);
        c3a.add(FloatVector.fromArray(SPECIES, sum, so + 3 * lds)).intoArray(c, co + 3 * ldc);
        c3b.add(FloatVector.fromArray(SPECIES, sum, so + 3 * lds + LANES)).intoArray(c, co + 3 * ldc + LANES);
        c4a.add(FloatVector.fromArray(SPECIES, sum, so + 4 * lds)).intoArray(c, co + 4 * ldc);
        c4b.add(FloatVector.fromArray(SPECIES, sum, so + 4 * lds + LANES)).intoArray(c, co + 4 * ldc + LANES);
        c5a.add(FloatVector.fromArray(SPECIES, sum, so + 5 * lds)).intoArray(c, co + 5 * ldc);
        c5b.add(FloatVector.fromArray(SPECIES, sum, so + 5 * lds + LANES)).intoArray(c, co + 5 * ldc + LANES);
        c6a.add(FloatVector.fromArray(SPECIES, sum, so + 6 * lds)).intoArray(c, co + 6 * ldc);
        c6b.add(FloatVector.fromArray(SPECIES, sum, so + 6 * lds + LANES)).intoArray(c, co + 6 * ldc + LANES);
        c7a.add(FloatVector.fromArray(SPECIES, sum, so + 7 * lds)).intoArray(c, co + 7 * ldc);
        c7b.add(FloatVector.fromArray(SPECIES, sum, so + 7 * lds + LANES)).intoArray(c, co + 7 * ldc + LANES);
        c8a.add(FloatVector.fromArray(SPECIES, sum, so + 8 * lds)).intoArray(c, co + 8 * ldc);
        c8b.add(FloatVector.fromArray(SPECIES, sum, so + 8 * lds + LANES)).intoArray(c, co + 8 * ldc + LANES);
        c9a.add(FloatVector.fromArray(SPECIES, sum, so + 9 * lds)).intoArray(c, co + 9 * ldc);
        c9b.add(FloatVector.fromArray(SPECIES, sum, so + 9 * lds + LANES)).intoArray(c, co + 9 * ldc + LANES);
    }

    /** See {@link SimdOperations#transpose}; no loop over the rows of a strip, which would check each index. */
    static void transpose(float[] x, int xo, int xStep, int n, float[] y, int yo) {
        for (int k = 0, from = xo; k < n; k++, from += xStep) {
            y[yo + k] = x[from];
            y[yo + k + LANES] = x[from + 1];
            y[yo + k + 2 * LANES] = x[from + 2];
            y[yo + k + 3 * LANES] = x[from + 3];
            y[yo + k + 4 * LANES] = x[from + 4];
            y[yo + k + 5 * LANES] = x[from + 5];
            y[yo + k + 6 * LANES] = x[from + 6];
            y[yo + k + 7 * LANES] = x[from + 7];
            y[yo + k + 8 * LANES] = x[from + 8];
            y[yo + k + 9 * LANES] = x[from + 9];
        }
    }
}
