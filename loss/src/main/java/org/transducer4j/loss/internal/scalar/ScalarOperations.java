package org.transducer4j.loss.internal.scalar;

import org.transducer4j.loss.internal.cpu.Operations;

/** Plain loops; those without a dependence between iterations are turned into vector code by the JIT compiler. */
final class ScalarOperations implements Operations {
    private static final int STRIP = 4;
    private static final int PANEL = 16;

    @Override
    public int strip() {
        return STRIP;
    }

    @Override
    public int panel() {
        return PANEL;
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void block(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int ldc, boolean add) {
        for (int i = 0; i < STRIP; i++) {
            for (int j = 0; j < PANEL; j += 4) {
                // Summed apart from C: many small products are lost in a large sum.
                float s0 = 0;
                float s1 = 0;
                float s2 = 0;
                float s3 = 0;
                int from = bo + j;
                for (int k = 0; k < depth; k++, from += PANEL) {
                    float x = a[ao + k * STRIP + i];
                    s0 += x * b[from];
                    s1 += x * b[from + 1];
                    s2 += x * b[from + 2];
                    s3 += x * b[from + 3];
                }
                int to = co + i * ldc + j;
                c[to] = add ? c[to] + s0 : s0;
                c[to + 1] = add ? c[to + 1] + s1 : s1;
                c[to + 2] = add ? c[to + 2] + s2 : s2;
                c[to + 3] = add ? c[to + 3] + s3 : s3;
            }
        }
    }

    @Override
    public void copy(float[] x, int xo, int xStep, float[] y, int yo, int yStep, int vectors) {
        for (int i = 0; i < vectors; i++) {
            y[yo + i * yStep] = x[xo + i * xStep];
        }
    }

    @Override
    public void transpose(float[] x, int xo, int xStep, int n, float[] y, int yo) {
        System.arraycopy(x, xo, y, yo, STRIP); // a vector is one element
    }

    @Override
    public void tanh(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        for (int i = 0; i < n; i++) {
            h[ho + i * hStep] = (float) Math.tanh(e[eo + i] + p[po + i]);
        }
    }

    @Override
    public void relu(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        for (int i = 0; i < n; i++) {
            h[ho + i * hStep] = Math.max(0, e[eo + i] + p[po + i]);
        }
    }

    @Override
    public void addTanhGradient(float[] h, float[] d, int from, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            float gradient = d[from + i] * (1 - h[from + i] * h[from + i]);
            x[xo + i] += gradient;
            y[yo + i] += gradient;
        }
    }

    @Override
    public void addReluGradient(float[] h, float[] d, int from, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            float gradient = h[from + i] > 0 ? d[from + i] : 0;
            x[xo + i] += gradient;
            y[yo + i] += gradient;
        }
    }

    @Override
    public float max(float[] z, int zo, int n) {
        float max = z[zo];
        for (int i = 1; i < n; i++) {
            max = Math.max(max, z[zo + i]);
        }
        return max;
    }

    @Override
    public float exp(float[] z, int zo, int n, float shift) {
        double sum = 0;
        for (int i = zo; i < zo + n; i++) {
            z[i] = (float) Math.exp(z[i] - shift);
            sum += z[i];
        }
        return (float) sum;
    }

    @Override
    public void scaleTwice(
            float[] z, int zo, float factor, float[] x, int xo, int xStep, float[] y, int yo, int yStep, int vectors) {
        for (int i = 0; i < vectors; i++) {
            float scaled = factor * z[zo + i];
            x[xo + i * xStep] = scaled;
            y[yo + i / PANEL * yStep + i % PANEL] = scaled;
        }
    }

    @Override
    public void scale(float[] z, int zo, int n, float factor) {
        for (int i = zo; i < zo + n; i++) {
            z[i] *= factor;
        }
    }

    @Override
    public void rowMaxima(float[] z, int zo, int length, int rows, float[] max, int mo) {
        for (int r = 0; r < rows; r++) {
            max[mo + r] = max(z, zo + r * length, length);
        }
    }

    @Override
    public void rowExponentials(
            float[] z, int zo, int length, int rows, float[] shift, int so, float[] factor, int fo, float[] y, int yo) {
        for (int r = 0; r < rows; r++) {
            for (int i = r * length; i < (r + 1) * length; i++) {
                y[yo + i] = factor[fo + r] * (float) Math.exp(z[zo + i] - shift[so + r]);
            }
        }
    }

    @Override
    public void forward(double[] alpha, float[] blank, float[] label, int from, int to, int n) {
        for (int i = 0; i < n; i++) {
            double viaBlank = Math.max(NEVER, alpha[from + i] + blank[from + i]);
            double viaLabel = Math.max(NEVER, alpha[from + i - 1] + label[from + i - 1]);
            alpha[to + i] = Math.max(viaBlank, viaLabel) + Math.log(1 + Math.exp(-Math.abs(viaBlank - viaLabel)));
        }
    }

    @Override
    public void backward(
            double[] alpha, float[] blank, float[] label, int at, double[] beta, int u, int n, double logP) {
        for (int i = 0; i < n; i++) {
            double viaBlank = Math.max(NEVER, beta[u + i] + blank[at + i]);
            double viaLabel = Math.max(NEVER, beta[u + i + 1] + label[at + i]);
            double max = Math.max(viaBlank, viaLabel);
            double less = Math.exp(-Math.abs(viaBlank - viaLabel));
            beta[u + i] = max + Math.log(1 + less);
            double likelier = Math.exp(alpha[at + i] - logP + max);
            blank[at + i] = (float) (viaBlank < viaLabel ? likelier * less : likelier);
            label[at + i] = (float) (viaBlank < viaLabel ? likelier : likelier * less);
        }
    }
}
