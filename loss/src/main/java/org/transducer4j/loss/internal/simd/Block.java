package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.LANES;
import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The block of the matrix product that stays in registers: 4 rows x 3 vectors. The accumulators stand as variables since
 * the JIT compiler keeps no array of vectors in registers. 8 x 3 should do better with 32 registers, but C2 of JDK 25
 * spills it: 13 GFLOP/s where this one runs at 115 (Zen 4, 512-bit vectors).
 */
final class Block {
    static final int STRIP = 4;
    static final int PANEL = 3 * LANES;

    private Block() {}

    static void apply(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int ldc) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c22 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c32 = FloatVector.zero(SPECIES);
        for (int k = 0; k < depth; k++) {
            int at = bo + k * PANEL;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, at);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, at + 1 * LANES);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, at + 2 * LANES);
            int from = ao + k * 4;
            FloatVector x = FloatVector.broadcast(SPECIES, a[from]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            x = FloatVector.broadcast(SPECIES, a[from + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            x = FloatVector.broadcast(SPECIES, a[from + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            x = FloatVector.broadcast(SPECIES, a[from + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
        }
        addRow(c00, c01, c02, c, co);
        addRow(c10, c11, c12, c, co + ldc);
        addRow(c20, c21, c22, c, co + 2 * ldc);
        addRow(c30, c31, c32, c, co + 3 * ldc);
    }

    private static void addRow(FloatVector x0, FloatVector x1, FloatVector x2, float[] c, int at) {
        FloatVector.fromArray(SPECIES, c, at).add(x0).intoArray(c, at);
        FloatVector.fromArray(SPECIES, c, at + LANES).add(x1).intoArray(c, at + LANES);
        FloatVector.fromArray(SPECIES, c, at + 2 * LANES).add(x2).intoArray(c, at + 2 * LANES);
    }
}
