package org.transducer4j.loss.internal.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.transducer4j.loss.internal.cpu.Operations;

/** The operations of the Vector API, on vectors as wide as the machine likes best. */
final class SimdOperations implements Operations {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public int strip() {
        return Block.STRIP;
    }

    @Override
    public int panel() {
        return Block.PANEL;
    }

    @Override
    public void block(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int ldc) {
        Block.apply(a, ao, b, bo, depth, c, co, ldc);
    }

    @Override
    public void tanh(float[] e, int eo, float[] p, int po, float[] h, int ho, int n) {
        Tanh.apply(e, eo, p, po, h, ho, n);
    }

    @Override
    public void relu(float[] e, int eo, float[] p, int po, float[] h, int ho, int n) {
        Relu.apply(e, eo, p, po, h, ho, n);
    }

    @Override
    public void tanhGradient(float[] h, int ho, float[] d, int offset, int n) {
        Tanh.gradient(h, ho, d, offset, n);
    }

    @Override
    public void reluGradient(float[] h, int ho, float[] d, int offset, int n) {
        Relu.gradient(h, ho, d, offset, n);
    }

    @Override
    public double logSumExp(float[] z, int zo, int n) {
        return LogSumExp.apply(z, zo, n);
    }

    @Override
    public void softmaxGradient(float[] z, int zo, int n, float lse, float occupancy) {
        SoftmaxGradient.apply(z, zo, n, lse, occupancy);
    }

    @Override
    public void add(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, y, yo + i)
                    .add(FloatVector.fromArray(SPECIES, x, xo + i))
                    .intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] += x[xo + i];
        }
    }
}
