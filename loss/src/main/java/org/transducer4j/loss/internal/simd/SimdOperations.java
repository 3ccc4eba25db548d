package org.transducer4j.loss.internal.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.transducer4j.loss.internal.cpu.Operations;

/** The operations of the Vector API, on vectors as wide as the machine likes best, or as a system property says. */
final class SimdOperations implements Operations {
    /** Vector width in bits, for tests and comparisons: 128, 256 or 512. */
    private static final String WIDTH_PROPERTY = "org.transducer4j.vectorBits";

    static final VectorSpecies<Float> SPECIES = species(Integer.getInteger(WIDTH_PROPERTY, 0));
    static final int LANES = SPECIES.length();

    /** AVX-512 and NEON have 32 vector registers, others 16. */
    private static final boolean MANY_REGISTERS =
            LANES == 16 || System.getProperty("os.arch").equals("aarch64");

    private static VectorSpecies<Float> species(int bits) {
        return switch (bits) {
            case 0 -> FloatVector.SPECIES_PREFERRED;
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> throw new IllegalArgumentException(WIDTH_PROPERTY + " must be 128, 256 or 512, not " + bits);
        };
    }

    static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public int strip() {
        return MANY_REGISTERS ? Block8x3.STRIP : Block6x2.STRIP;
    }

    @Override
    public int blockRows() {
        return MANY_REGISTERS ? Block8x3.ROWS : Block6x2.ROWS;
    }

    @Override
    public int outerRows() {
        return MANY_REGISTERS ? Block8x3.HEIGHT : Block6x2.HEIGHT;
    }

    @Override
    public int wide() {
        return MANY_REGISTERS ? 3 : 2;
    }

    @Override
    public int narrow() {
        return 2;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void block(
            float[] a,
            int ao,
            float[] b,
            int bo,
            int depth,
            int vectors,
            float[] c,
            int co,
            int cVector,
            int ldc,
            boolean add) {
        if (!MANY_REGISTERS) {
            Block6x2.product(a, ao, b, bo, depth, c, co, cVector, ldc, add);
        } else if (vectors == 3) {
            Block8x3.product(a, ao, b, bo, depth, c, co, cVector, ldc, add);
        } else {
            Block8x2.product(a, ao, b, bo, depth, c, co, cVector, ldc, add);
        }
    }

    @Override
    public void outer(
            float[] a,
            int ao,
            int aStrip,
            float[] b,
            int bo,
            int bStrip,
            int rows,
            int vectors,
            float[] c,
            int co,
            int cVector,
            int ldc) {
        if (!MANY_REGISTERS) {
            Block6x2.outer(a, ao, aStrip, b, bo, bStrip, rows, c, co, cVector, ldc);
        } else if (vectors == 3) {
            Block8x3.outer(a, ao, aStrip, b, bo, bStrip, rows, c, co, cVector, ldc);
        } else {
            Block8x2.outer(a, ao, aStrip, b, bo, bStrip, rows, c, co, cVector, ldc);
        }
    }

    @Override
    public void scale(float[] x, int xo, int xStep, float factor, float[] y, int yo, int yStep, int vectors) {
        for (int i = 0; i < vectors; i++) {
            FloatVector.fromArray(SPECIES, x, xo + i * xStep).mul(factor).intoArray(y, yo + i * yStep);
        }
    }

    @Override
    public void tanh(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        Tanh.apply(e, eo, p, po, h, ho, hStep, n);
    }

    @Override
    public void relu(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        Relu.apply(e, eo, p, po, h, ho, hStep, n);
    }

    @Override
    public void sigmoid(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        Sigmoid.apply(e, eo, p, po, h, ho, hStep, n);
    }

    @Override
    public void addTanhGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        Tanh.addGradient(h, d, from, f, x, xo, y, yo, n);
    }

    @Override
    public void addReluGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        Relu.addGradient(h, d, from, f, x, xo, y, yo, n);
    }

    @Override
    public void addSigmoidGradient(
            float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        Sigmoid.addGradient(h, d, from, f, x, xo, y, yo, n);
    }

    @Override
    public float max(float[] z, int zo, int step, int n) {
        return Reduce.max(z, zo, step, n);
    }

    @Override
    public float exp(float[] z, int zo, int step, int n, float shift) {
        return Exp.apply(z, zo, step, n, shift);
    }

    @Override
    public void rowMaxima(float[] z, int zo, int length, int rows, float[] max, int mo) {
        Rows.maxima(z, zo, length, rows, max, mo);
    }

    @Override
    public void rowExponentials(
            float[] z, int zo, int length, int rows, float[] shift, int so, float[] factor, int fo, float[] y, int yo) {
        Rows.exponentials(z, zo, length, rows, shift, so, factor, fo, y, yo);
    }

    @Override
    public void forward(double[] alpha, float[] blank, float[] label, int from, int to, int n) {
        LatticeWave.forward(alpha, blank, label, from, to, n);
    }

    @Override
    public void backward(
            double[] alpha, float[] blank, float[] label, int at, double[] beta, int u, int n, double logP) {
        LatticeWave.backward(alpha, blank, label, at, beta, u, n, logP);
    }

    @Override
    public void logAdd(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
        LatticeWave.logAdd(x, xo, y, yo, z, zo, n);
    }

    @Override
    public void posteriors(double[] alpha, int ao, double[] beta, int bo, double logP, float[] p, int po, int n) {
        LatticeWave.posteriors(alpha, ao, beta, bo, logP, p, po, n);
    }
}
