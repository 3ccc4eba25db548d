package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The block of the matrix products where there are 32 vector registers: 8 rows x 3 vectors, 24 accumulators. They stand as
 * variables since the JIT compiler keeps no array of vectors in registers. The rest is there so that it finds registers for
 * all of them in every run, and not only in most (docs/performance.md has what was tried): two loops, where one would do, the
 * inner one over an index from which it can take all checks of bounds out; no branch. And so the blocks, and products and outer
 * products, repeat one another: a vector that goes to a helper method or comes from one becomes an object.
 */
final class Block8x3 {
    /** Of a block of the product. */
    static final int ROWS = 8;

    /** Of a strip: two blocks, so that an outer product goes on for as many rows before it jumps. */
    static final int STRIP = 2 * ROWS;

    /** Of a block of the outer product. */
    static final int HEIGHT = 8;

    /** What a product is added to that isn't added to anything. */
    private static final float[] ZEROS = new float[LANES];

    private Block8x3() {}

    /** See {@link SimdOperations#block}. */
    static void product(
            float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int cVector, int ldc, boolean add) {
        FloatVector c0a = FloatVector.zero(SPECIES);
        FloatVector c0b = FloatVector.zero(SPECIES);
        FloatVector c0c = FloatVector.zero(SPECIES);
        FloatVector c1a = FloatVector.zero(SPECIES);
        FloatVector c1b = FloatVector.zero(SPECIES);
        FloatVector c1c = FloatVector.zero(SPECIES);
        FloatVector c2a = FloatVector.zero(SPECIES);
        FloatVector c2b = FloatVector.zero(SPECIES);
        FloatVector c2c = FloatVector.zero(SPECIES);
        FloatVector c3a = FloatVector.zero(SPECIES);
        FloatVector c3b = FloatVector.zero(SPECIES);
        FloatVector c3c = FloatVector.zero(SPECIES);
        FloatVector c4a = FloatVector.zero(SPECIES);
        FloatVector c4b = FloatVector.zero(SPECIES);
        FloatVector c4c = FloatVector.zero(SPECIES);
        FloatVector c5a = FloatVector.zero(SPECIES);
        FloatVector c5b = FloatVector.zero(SPECIES);
        FloatVector c5c = FloatVector.zero(SPECIES);
        FloatVector c6a = FloatVector.zero(SPECIES);
        FloatVector c6b = FloatVector.zero(SPECIES);
        FloatVector c6c = FloatVector.zero(SPECIES);
        FloatVector c7a = FloatVector.zero(SPECIES);
        FloatVector c7b = FloatVector.zero(SPECIES);
        FloatVector c7c = FloatVector.zero(SPECIES);
        for (int k = 0, group = ao; k < depth; k += LANES, group += STRIP * LANES) {
            int first = bo + k * 3 * LANES;
            int lanes = Math.min(LANES, depth - k);
            for (int lane = 0; lane < lanes; lane++) {
                FloatVector ba = FloatVector.fromArray(SPECIES, b, first + lane * 3 * LANES);
                FloatVector bb = FloatVector.fromArray(SPECIES, b, first + lane * 3 * LANES + LANES);
                FloatVector bc = FloatVector.fromArray(SPECIES, b, first + lane * 3 * LANES + 2 * LANES);
                FloatVector x = FloatVector.broadcast(SPECIES, a[group + lane]);
                c0a = x.fma(ba, c0a);
                c0b = x.fma(bb, c0b);
                c0c = x.fma(bc, c0c);
                x = FloatVector.broadcast(SPECIES, a[group + lane + LANES]);
                c1a = x.fma(ba, c1a);
                c1b = x.fma(bb, c1b);
                c1c = x.fma(bc, c1c);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 2 * LANES]);
                c2a = x.fma(ba, c2a);
                c2b = x.fma(bb, c2b);
                c2c = x.fma(bc, c2c);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 3 * LANES]);
                c3a = x.fma(ba, c3a);
                c3b = x.fma(bb, c3b);
                c3c = x.fma(bc, c3c);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 4 * LANES]);
                c4a = x.fma(ba, c4a);
                c4b = x.fma(bb, c4b);
                c4c = x.fma(bc, c4c);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 5 * LANES]);
                c5a = x.fma(ba, c5a);
                c5b = x.fma(bb, c5b);
                c5c = x.fma(bc, c5c);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 6 * LANES]);
                c6a = x.fma(ba, c6a);
                c6b = x.fma(bb, c6b);
                c6c = x.fma(bc, c6c);
                x = FloatVector.broadcast(SPECIES, a[group + lane + 7 * LANES]);
                c7a = x.fma(ba, c7a);
                c7b = x.fma(bb, c7b);
                c7c = x.fma(bc, c7c);
            }
        }
        float[] sum = add ? c : ZEROS;
        int so = add ? co : 0;
        int stride = add ? ldc : 0;
        int vector = add ? cVector : 0;
        c0a.add(FloatVector.fromArray(SPECIES, sum, so)).intoArray(c, co);
        c0b.add(FloatVector.fromArray(SPECIES, sum, so + vector)).intoArray(c, co + cVector);
        c0c.add(FloatVector.fromArray(SPECIES, sum, so + 2 * vector)).intoArray(c, co + 2 * cVector);
        c1a.add(FloatVector.fromArray(SPECIES, sum, so + stride)).intoArray(c, co + ldc);
        c1b.add(FloatVector.fromArray(SPECIES, sum, so + stride + vector)).intoArray(c, co + ldc + cVector);
        c1c.add(FloatVector.fromArray(SPECIES, sum, so + stride + 2 * vector)).intoArray(c, co + ldc + 2 * cVector);
        c2a.add(FloatVector.fromArray(SPECIES, sum, so + 2 * stride)).intoArray(c, co + 2 * ldc);
        c2b.add(FloatVector.fromArray(SPECIES, sum, so + 2 * stride + vector)).intoArray(c, co + 2 * ldc + cVector);
        c2c.add(FloatVector.fromArray(SPECIES, sum, so + 2 * stride + 2 * vector))
                .intoArray(c, co + 2 * ldc + 2 * cVector);
        c3a.add(FloatVector.fromArray(SPECIES, sum, so + 3 * stride)).intoArray(c, co + 3 * ldc);
        c3b.add(FloatVector.fromArray(SPECIES, sum, so + 3 * stride + vector)).intoArray(c, co + 3 * ldc + cVector);
        c3c.add(FloatVector.fromArray(SPECIES, sum, so + 3 * stride + 2 * vector))
                .intoArray(c, co + 3 * ldc + 2 * cVector);
        c4a.add(FloatVector.fromArray(SPECIES, sum, so + 4 * stride)).intoArray(c, co + 4 * ldc);
        c4b.add(FloatVector.fromArray(SPECIES, sum, so + 4 * stride + vector)).intoArray(c, co + 4 * ldc + cVector);
        c4c.add(FloatVector.fromArray(SPECIES, sum, so + 4 * stride + 2 * vector))
                .intoArray(c, co + 4 * ldc + 2 * cVector);
        c5a.add(FloatVector.fromArray(SPECIES, sum, so + 5 * stride)).intoArray(c, co + 5 * ldc);
        c5b.add(FloatVector.fromArray(SPECIES, sum, so + 5 * stride + vector)).intoArray(c, co + 5 * ldc + cVector);
        c5c.add(FloatVector.fromArray(SPECIES, sum, so + 5 * stride + 2 * vector))
                .intoArray(c, co + 5 * ldc + 2 * cVector);
        c6a.add(FloatVector.fromArray(SPECIES, sum, so + 6 * stride)).intoArray(c, co + 6 * ldc);
        c6b.add(FloatVector.fromArray(SPECIES, sum, so + 6 * stride + vector)).intoArray(c, co + 6 * ldc + cVector);
        c6c.add(FloatVector.fromArray(SPECIES, sum, so + 6 * stride + 2 * vector))
                .intoArray(c, co + 6 * ldc + 2 * cVector);
        c7a.add(FloatVector.fromArray(SPECIES, sum, so + 7 * stride)).intoArray(c, co + 7 * ldc);
        c7b.add(FloatVector.fromArray(SPECIES, sum, so + 7 * stride + vector)).intoArray(c, co + 7 * ldc + cVector);
        c7c.add(FloatVector.fromArray(SPECIES, sum, so + 7 * stride + 2 * vector))
                .intoArray(c, co + 7 * ldc + 2 * cVector);
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
        FloatVector c0c = FloatVector.zero(SPECIES);
        FloatVector c1a = FloatVector.zero(SPECIES);
        FloatVector c1b = FloatVector.zero(SPECIES);
        FloatVector c1c = FloatVector.zero(SPECIES);
        FloatVector c2a = FloatVector.zero(SPECIES);
        FloatVector c2b = FloatVector.zero(SPECIES);
        FloatVector c2c = FloatVector.zero(SPECIES);
        FloatVector c3a = FloatVector.zero(SPECIES);
        FloatVector c3b = FloatVector.zero(SPECIES);
        FloatVector c3c = FloatVector.zero(SPECIES);
        FloatVector c4a = FloatVector.zero(SPECIES);
        FloatVector c4b = FloatVector.zero(SPECIES);
        FloatVector c4c = FloatVector.zero(SPECIES);
        FloatVector c5a = FloatVector.zero(SPECIES);
        FloatVector c5b = FloatVector.zero(SPECIES);
        FloatVector c5c = FloatVector.zero(SPECIES);
        FloatVector c6a = FloatVector.zero(SPECIES);
        FloatVector c6b = FloatVector.zero(SPECIES);
        FloatVector c6c = FloatVector.zero(SPECIES);
        FloatVector c7a = FloatVector.zero(SPECIES);
        FloatVector c7b = FloatVector.zero(SPECIES);
        FloatVector c7c = FloatVector.zero(SPECIES);
        for (int row = 0, left = ao, right = bo; row < rows; row += STRIP, left += aStrip, right += bStrip) {
            int count = Math.min(STRIP, rows - row);
            for (int r = 0; r < count; r++) {
                FloatVector ba = FloatVector.fromArray(SPECIES, b, right + r * LANES);
                FloatVector bb = FloatVector.fromArray(SPECIES, b, right + r * LANES + STRIP * LANES);
                FloatVector bc = FloatVector.fromArray(SPECIES, b, right + r * LANES + 2 * STRIP * LANES);
                FloatVector x = FloatVector.broadcast(SPECIES, a[left + r * LANES]);
                c0a = x.fma(ba, c0a);
                c0b = x.fma(bb, c0b);
                c0c = x.fma(bc, c0c);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 1]);
                c1a = x.fma(ba, c1a);
                c1b = x.fma(bb, c1b);
                c1c = x.fma(bc, c1c);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 2]);
                c2a = x.fma(ba, c2a);
                c2b = x.fma(bb, c2b);
                c2c = x.fma(bc, c2c);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 3]);
                c3a = x.fma(ba, c3a);
                c3b = x.fma(bb, c3b);
                c3c = x.fma(bc, c3c);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 4 / LANES * STRIP * LANES + 4 % LANES]);
                c4a = x.fma(ba, c4a);
                c4b = x.fma(bb, c4b);
                c4c = x.fma(bc, c4c);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 5 / LANES * STRIP * LANES + 5 % LANES]);
                c5a = x.fma(ba, c5a);
                c5b = x.fma(bb, c5b);
                c5c = x.fma(bc, c5c);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 6 / LANES * STRIP * LANES + 6 % LANES]);
                c6a = x.fma(ba, c6a);
                c6b = x.fma(bb, c6b);
                c6c = x.fma(bc, c6c);
                x = FloatVector.broadcast(SPECIES, a[left + r * LANES + 7 / LANES * STRIP * LANES + 7 % LANES]);
                c7a = x.fma(ba, c7a);
                c7b = x.fma(bb, c7b);
                c7c = x.fma(bc, c7c);
            }
        }
        c0a.add(FloatVector.fromArray(SPECIES, c, co)).intoArray(c, co);
        c0b.add(FloatVector.fromArray(SPECIES, c, co + cVector)).intoArray(c, co + cVector);
        c0c.add(FloatVector.fromArray(SPECIES, c, co + 2 * cVector)).intoArray(c, co + 2 * cVector);
        c1a.add(FloatVector.fromArray(SPECIES, c, co + ldc)).intoArray(c, co + ldc);
        c1b.add(FloatVector.fromArray(SPECIES, c, co + ldc + cVector)).intoArray(c, co + ldc + cVector);
        c1c.add(FloatVector.fromArray(SPECIES, c, co + ldc + 2 * cVector)).intoArray(c, co + ldc + 2 * cVector);
        c2a.add(FloatVector.fromArray(SPECIES, c, co + 2 * ldc)).intoArray(c, co + 2 * ldc);
        c2b.add(FloatVector.fromArray(SPECIES, c, co + 2 * ldc + cVector)).intoArray(c, co + 2 * ldc + cVector);
        c2c.add(FloatVector.fromArray(SPECIES, c, co + 2 * ldc + 2 * cVector)).intoArray(c, co + 2 * ldc + 2 * cVector);
        c3a.add(FloatVector.fromArray(SPECIES, c, co + 3 * ldc)).intoArray(c, co + 3 * ldc);
        c3b.add(FloatVector.fromArray(SPECIES, c, co + 3 * ldc + cVector)).intoArray(c, co + 3 * ldc + cVector);
        c3c.add(FloatVector.fromArray(SPECIES, c, co + 3 * ldc + 2 * cVector)).intoArray(c, co + 3 * ldc + 2 * cVector);
        c4a.add(FloatVector.fromArray(SPECIES, c, co + 4 * ldc)).intoArray(c, co + 4 * ldc);
        c4b.add(FloatVector.fromArray(SPECIES, c, co + 4 * ldc + cVector)).intoArray(c, co + 4 * ldc + cVector);
        c4c.add(FloatVector.fromArray(SPECIES, c, co + 4 * ldc + 2 * cVector)).intoArray(c, co + 4 * ldc + 2 * cVector);
        c5a.add(FloatVector.fromArray(SPECIES, c, co + 5 * ldc)).intoArray(c, co + 5 * ldc);
        c5b.add(FloatVector.fromArray(SPECIES, c, co + 5 * ldc + cVector)).intoArray(c, co + 5 * ldc + cVector);
        c5c.add(FloatVector.fromArray(SPECIES, c, co + 5 * ldc + 2 * cVector)).intoArray(c, co + 5 * ldc + 2 * cVector);
        c6a.add(FloatVector.fromArray(SPECIES, c, co + 6 * ldc)).intoArray(c, co + 6 * ldc);
        c6b.add(FloatVector.fromArray(SPECIES, c, co + 6 * ldc + cVector)).intoArray(c, co + 6 * ldc + cVector);
        c6c.add(FloatVector.fromArray(SPECIES, c, co + 6 * ldc + 2 * cVector)).intoArray(c, co + 6 * ldc + 2 * cVector);
        c7a.add(FloatVector.fromArray(SPECIES, c, co + 7 * ldc)).intoArray(c, co + 7 * ldc);
        c7b.add(FloatVector.fromArray(SPECIES, c, co + 7 * ldc + cVector)).intoArray(c, co + 7 * ldc + cVector);
        c7c.add(FloatVector.fromArray(SPECIES, c, co + 7 * ldc + 2 * cVector)).intoArray(c, co + 7 * ldc + 2 * cVector);
    }
}
