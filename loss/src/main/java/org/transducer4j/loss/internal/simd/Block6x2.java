package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/** The block of the matrix product where there are 16 vector registers: 6 rows x 2 vectors. See {@link Block12x2}. */
final class Block6x2 {
    static final int STRIP = 6;
    static final int PANEL = 2 * LANES;

    private Block6x2() {}

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
    }
}
