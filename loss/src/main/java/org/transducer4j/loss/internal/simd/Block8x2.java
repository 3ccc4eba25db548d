package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/** What is left beside the columns of {@link Block8x3}: 8 rows x 2 vectors of the same strips. */
final class Block8x2 {

    /** What a product is added to that isn't added to anything. */
    private static final float[] ZEROS = new float[LANES];

    private Block8x2() {}

    /** See {@link SimdOperations#block}. */
    static void product(
            float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int cVector, int ldc, boolean add) {
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
        for (int k = 0, group = ao; k < depth; k += LANES, group += Block8x3.STRIP * LANES) {
            int first = bo + k * 2 * LANES;
            int lanes = Math.min(LANES, depth - k);
            for (int lane = 0; lane < lanes; lane++) {
                FloatVector ba = FloatVector.fromArray(SPECIES, b, first + lane * 2 * LANES);
                FloatVector bb = FloatVector.fromArray(SPECIES, b, first + lane * 2 * LANES + LANES);
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
            }
        }
        float[] sum = add ? c : ZEROS;
        int so = add ? co : 0;
        int stride = add ? ldc : 0;
        int vector = add ? cVector : 0;
        c0a.add(FloatVector.fromArray(SPECIES, sum, so)).intoArray(c, co);
        c0b.add(FloatVector.fromArray(SPECIES, sum, so + vector)).intoArray(c, co + cVector);
        c1a.add(FloatVector.fromArray(SPECIES, sum, so + stride)).intoArray(c, co + ldc);
        c1b.add(FloatVector.fromArray(SPECIES, sum, so + stride + vector)).intoArray(c, co + ldc + cVector);
        c2a.add(FloatVector.fromArray(SPECIES, sum, so + 2 * stride)).intoArray(c, co + 2 * ldc);
        c2b.add(FloatVector.fromArray(SPECIES, sum, so + 2 * stride + vector)).intoArray(c, co + 2 * ldc + cVector);
        c3a.add(FloatVector.fromArray(SPECIES, sum, so + 3 * stride)).intoArray(c, co + 3 * ldc);
        c3b.add(FloatVector.fromArray(SPECIES, sum, so + 3 * stride + vector)).intoArray(c, co + 3 * ldc + cVector);
        c4a.add(FloatVector.fromArray(SPECIES, sum, so + 4 * stride)).intoArray(c, co + 4 * ldc);
        c4b.add(FloatVector.fromArray(SPECIES, sum, so + 4 * stride + vector)).intoArray(c, co + 4 * ldc + cVector);
        c5a.add(FloatVector.fromArray(SPECIES, sum, so + 5 * stride)).intoArray(c, co + 5 * ldc);
        c5b.add(FloatVector.fromArray(SPECIES, sum, so + 5 * stride + vector)).intoArray(c, co + 5 * ldc + cVector);
        c6a.add(FloatVector.fromArray(SPECIES, sum, so + 6 * stride)).intoArray(c, co + 6 * ldc);
        c6b.add(FloatVector.fromArray(SPECIES, sum, so + 6 * stride + vector)).intoArray(c, co + 6 * ldc + cVector);
        c7a.add(FloatVector.fromArray(SPECIES, sum, so + 7 * stride)).intoArray(c, co + 7 * ldc);
        c7b.add(FloatVector.fromArray(SPECIES, sum, so + 7 * stride + vector)).intoArray(c, co + 7 * ldc + cVector);
    }

    /** See {@link SimdOperations#outer}. */
    static void outer(
            float[] a,
            int ao,
            int aStrip,
            float[] b,
            int bo,
            int bStrip,
            int rows,
            float[] c,
            int co,
            int cVector,
            int ldc) {
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
        for (int row = 0, left = ao, right = bo; row < rows; row += Block8x3.STRIP, left += aStrip, right += bStrip) {
            int count = Math.min(Block8x3.STRIP, rows - row);
            for (int r = 0; r < count; r++) {
                FloatVector ba = FloatVector.fromArray(SPECIES, b, right + r * LANES);
                FloatVector bb = FloatVector.fromArray(SPECIES, b, right + r * LANES + Block8x3.STRIP * LANES);
                FloatVector x = FloatVector.broadcast(SPECIES, a[left + r * LANES]);
                c0a = x.fma(ba, c0a);
                c0b = x.fma(bb, c0b);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 1]);
                c1a = x.fma(ba, c1a);
                c1b = x.fma(bb, c1b);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 2]);
                c2a = x.fma(ba, c2a);
                c2b = x.fma(bb, c2b);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 3]);
                c3a = x.fma(ba, c3a);
                c3b = x.fma(bb, c3b);
                x = FloatVector.broadcast(
                        SPECIES, a[left + r * LANES + 4 / LANES * Block8x3.STRIP * LANES + 4 % LANES]);
                c4a = x.fma(ba, c4a);
                c4b = x.fma(bb, c4b);
                x = FloatVector.broadcast(
                        SPECIES, a[left + r * LANES + 5 / LANES * Block8x3.STRIP * LANES + 5 % LANES]);
                c5a = x.fma(ba, c5a);
                c5b = x.fma(bb, c5b);
                x = FloatVector.broadcast(
                        SPECIES, a[left + r * LANES + 6 / LANES * Block8x3.STRIP * LANES + 6 % LANES]);
                c6a = x.fma(ba, c6a);
                c6b = x.fma(bb, c6b);
                x = FloatVector.broadcast(
                        SPECIES, a[left + r * LANES + 7 / LANES * Block8x3.STRIP * LANES + 7 % LANES]);
                c7a = x.fma(ba, c7a);
                c7b = x.fma(bb, c7b);
            }
        }
        c0a.add(FloatVector.fromArray(SPECIES, c, co)).intoArray(c, co);
        c0b.add(FloatVector.fromArray(SPECIES, c, co + cVector)).intoArray(c, co + cVector);
        c1a.add(FloatVector.fromArray(SPECIES, c, co + ldc)).intoArray(c, co + ldc);
        c1b.add(FloatVector.fromArray(SPECIES, c, co + ldc + cVector)).intoArray(c, co + ldc + cVector);
        c2a.add(FloatVector.fromArray(SPECIES, c, co + 2 * ldc)).intoArray(c, co + 2 * ldc);
        c2b.add(FloatVector.fromArray(SPECIES, c, co + 2 * ldc + cVector)).intoArray(c, co + 2 * ldc + cVector);
        c3a.add(FloatVector.fromArray(SPECIES, c, co + 3 * ldc)).intoArray(c, co + 3 * ldc);
        c3b.add(FloatVector.fromArray(SPECIES, c, co + 3 * ldc + cVector)).intoArray(c, co + 3 * ldc + cVector);
        c4a.add(FloatVector.fromArray(SPECIES, c, co + 4 * ldc)).intoArray(c, co + 4 * ldc);
        c4b.add(FloatVector.fromArray(SPECIES, c, co + 4 * ldc + cVector)).intoArray(c, co + 4 * ldc + cVector);
        c5a.add(FloatVector.fromArray(SPECIES, c, co + 5 * ldc)).intoArray(c, co + 5 * ldc);
        c5b.add(FloatVector.fromArray(SPECIES, c, co + 5 * ldc + cVector)).intoArray(c, co + 5 * ldc + cVector);
        c6a.add(FloatVector.fromArray(SPECIES, c, co + 6 * ldc)).intoArray(c, co + 6 * ldc);
        c6b.add(FloatVector.fromArray(SPECIES, c, co + 6 * ldc + cVector)).intoArray(c, co + 6 * ldc + cVector);
        c7a.add(FloatVector.fromArray(SPECIES, c, co + 7 * ldc)).intoArray(c, co + 7 * ldc);
        c7b.add(FloatVector.fromArray(SPECIES, c, co + 7 * ldc + cVector)).intoArray(c, co + 7 * ldc + cVector);
    }
}
