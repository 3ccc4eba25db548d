package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The block of the matrix product where there are 32 vector registers: 12 rows x 2 vectors, 24 accumulators. They stand as
 * variables since the JIT compiler keeps no array of vectors in registers; the two loops, where one would do, keep it from
 * pulling loads ahead until registers spill (docs/performance.md has what was tried).
 */
final class Block12x2 {
    static final int STRIP = 12;
    static final int PANEL = 2 * LANES;

    private Block12x2() {}

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
        FloatVector c10a = FloatVector.zero(SPECIES);
        FloatVector c10b = FloatVector.zero(SPECIES);
        FloatVector c11a = FloatVector.zero(SPECIES);
        FloatVector c11b = FloatVector.zero(SPECIES);
        int end = bo + depth * PANEL;
        int at = bo;
        for (int group = ao; at < end; group += STRIP * LANES) {
            int stop = Math.min(end, at + LANES * PANEL);
            for (int from = group; at < stop; from++) {
                FloatVector ba = FloatVector.fromArray(SPECIES, b, at);
                FloatVector bb = FloatVector.fromArray(SPECIES, b, at + LANES);
                FloatVector x = FloatVector.broadcast(SPECIES, a[from]);
                c0a = x.fma(ba, c0a);
                c0b = x.fma(bb, c0b);
                x = FloatVector.broadcast(SPECIES, a[from + LANES]);
                c1a = x.fma(ba, c1a);
                c1b = x.fma(bb, c1b);
                x = FloatVector.broadcast(SPECIES, a[from + 2 * LANES]);
                c2a = x.fma(ba, c2a);
                c2b = x.fma(bb, c2b);
                x = FloatVector.broadcast(SPECIES, a[from + 3 * LANES]);
                c3a = x.fma(ba, c3a);
                c3b = x.fma(bb, c3b);
                x = FloatVector.broadcast(SPECIES, a[from + 4 * LANES]);
                c4a = x.fma(ba, c4a);
                c4b = x.fma(bb, c4b);
                x = FloatVector.broadcast(SPECIES, a[from + 5 * LANES]);
                c5a = x.fma(ba, c5a);
                c5b = x.fma(bb, c5b);
                x = FloatVector.broadcast(SPECIES, a[from + 6 * LANES]);
                c6a = x.fma(ba, c6a);
                c6b = x.fma(bb, c6b);
                x = FloatVector.broadcast(SPECIES, a[from + 7 * LANES]);
                c7a = x.fma(ba, c7a);
                c7b = x.fma(bb, c7b);
                x = FloatVector.broadcast(SPECIES, a[from + 8 * LANES]);
                c8a = x.fma(ba, c8a);
                c8b = x.fma(bb, c8b);
                x = FloatVector.broadcast(SPECIES, a[from + 9 * LANES]);
                c9a = x.fma(ba, c9a);
                c9b = x.fma(bb, c9b);
                x = FloatVector.broadcast(SPECIES, a[from + 10 * LANES]);
                c10a = x.fma(ba, c10a);
                c10b = x.fma(bb, c10b);
                x = FloatVector.broadcast(SPECIES, a[from + 11 * LANES]);
                c11a = x.fma(ba, c11a);
                c11b = x.fma(bb, c11b);
                at += PANEL;
            }
        }
        if (add) {
            c0a = c0a.add(FloatVector.fromArray(SPECIES, c, co));
            c0b = c0b.add(FloatVector.fromArray(SPECIES, c, co + LANES));
            c1a = c1a.add(FloatVector.fromArray(SPECIES, c, co + ldc));
            c1b = c1b.add(FloatVector.fromArray(SPECIES, c, co + ldc + LANES));
            c2a = c2a.add(FloatVector.fromArray(SPECIES, c, co + 2 * ldc));
            c2b = c2b.add(FloatVector.fromArray(SPECIES, c, co + 2 * ldc + LANES));
            c3a = c3a.add(FloatVector.fromArray(SPECIES, c, co + 3 * ldc));
            c3b = c3b.add(FloatVector.fromArray(SPECIES, c, co + 3 * ldc + LANES));
            c4a = c4a.add(FloatVector.fromArray(SPECIES, c, co + 4 * ldc));
            c4b = c4b.add(FloatVector.fromArray(SPECIES, c, co + 4 * ldc + LANES));
            c5a = c5a.add(FloatVector.fromArray(SPECIES, c, co + 5 * ldc));
            c5b = c5b.add(FloatVector.fromArray(SPECIES, c, co + 5 * ldc + LANES));
            c6a = c6a.add(FloatVector.fromArray(SPECIES, c, co + 6 * ldc));
            c6b = c6b.add(FloatVector.fromArray(SPECIES, c, co + 6 * ldc + LANES));
            c7a = c7a.add(FloatVector.fromArray(SPECIES, c, co + 7 * ldc));
            c7b = c7b.add(FloatVector.fromArray(SPECIES, c, co + 7 * ldc + LANES));
            c8a = c8a.add(FloatVector.fromArray(SPECIES, c, co + 8 * ldc));
            c8b = c8b.add(FloatVector.fromArray(SPECIES, c, co + 8 * ldc + LANES));
            c9a = c9a.add(FloatVector.fromArray(SPECIES, c, co + 9 * ldc));
            c9b = c9b.add(FloatVector.fromArray(SPECIES, c, co + 9 * ldc + LANES));
            c10a = c10a.add(FloatVector.fromArray(SPECIES, c, co + 10 * ldc));
            c10b = c10b.add(FloatVector.fromArray(SPECIES, c, co + 10 * ldc + LANES));
            c11a = c11a.add(FloatVector.fromArray(SPECIES, c, co + 11 * ldc));
            c11b = c11b.add(FloatVector.fromArray(SPECIES, c, co + 11 * ldc + LANES));
        }
        c0a.intoArray(c, co);
        c0b.intoArray(c, co + LANES);
        c1a.intoArray(c, co + ldc);
        c1b.intoArray(c, co + ldc + LANES);
        c2a.intoArray(c, co + 2 * ldc);
        c2b.intoArray(c, co + 2 * ldc + LANES);
        c3a.intoArray(c, co + 3 * ldc);
        c3b.intoArray(c, co + 3 * ldc + LANES);
        c4a.intoArray(c, co + 4 * ldc);
        c4b.intoArray(c, co + 4 * ldc + LANES);
        c5a.intoArray(c, co + 5 * ldc);
        c5b.intoArray(c, co + 5 * ldc + LANES);
        c6a.intoArray(c, co + 6 * ldc);
        c6b.intoArray(c, co + 6 * ldc + LANES);
        c7a.intoArray(c, co + 7 * ldc);
        c7b.intoArray(c, co + 7 * ldc + LANES);
        c8a.intoArray(c, co + 8 * ldc);
        c8b.intoArray(c, co + 8 * ldc + LANES);
        c9a.intoArray(c, co + 9 * ldc);
        c9b.intoArray(c, co + 9 * ldc + LANES);
        c10a.intoArray(c, co + 10 * ldc);
        c10b.intoArray(c, co + 10 * ldc + LANES);
        c11a.intoArray(c, co + 11 * ldc);
        c11b.intoArray(c, co + 11 * ldc + LANES);
    }
}
