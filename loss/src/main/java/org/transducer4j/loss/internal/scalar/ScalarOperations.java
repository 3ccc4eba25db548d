package org.transducer4j.loss.internal.scalar;

import org.transducer4j.loss.internal.cpu.Operations;

/** Plain loops; those without a dependence between iterations are turned into vector code by the JIT compiler. */
final class ScalarOperations implements Operations {
    private static final int STRIP = 4;
    private static final int COLUMNS = 4;

    @Override
    public int strip() {
        return STRIP;
    }

    @Override
    public int blockRows() {
        return STRIP;
    }

    @Override
    public int outerRows() {
        return 1;
    }

    @Override
    public int wide() {
        return COLUMNS;
    }

    @Override
    public int narrow() {
        return COLUMNS;
    }

    @Override
    public int lanes() {
        return 1;
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
        for (int i = 0; i < STRIP; i++) {
            // Summed apart from C: many small products are lost in a large sum.
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            int from = bo;
            for (int k = ao + i; k < ao + depth * STRIP; k += STRIP, from += COLUMNS) {
                float x = a[k];
                s0 += x * b[from];
                s1 += x * b[from + 1];
                s2 += x * b[from + 2];
                s3 += x * b[from + 3];
            }
            int to = co + i * ldc;
            c[to] = add ? c[to] + s0 : s0;
            c[to + cVector] = add ? c[to + cVector] + s1 : s1;
            c[to + 2 * cVector] = add ? c[to + 2 * cVector] + s2 : s2;
            c[to + 3 * cVector] = add ? c[to + 3 * cVector] + s3 : s3;
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
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int row = 0, left = ao, right = bo; row < rows; row += STRIP, left += aStrip, right += bStrip) {
            int count = Math.min(STRIP, rows - row);
            for (int r = 0; r < count; r++) {
                float x = a[left + r];
                s0 += x * b[right + r];
                s1 += x * b[right + r + STRIP];
                s2 += x * b[right + r + 2 * STRIP];
                s3 += x * b[right + r + 3 * STRIP];
            }
        }
        c[co] += s0;
        c[co + cVector] += s1;
        c[co + 2 * cVector] += s2;
        c[co + 3 * cVector] += s3;
    }

    @Override
    public void scale(float[] x, int xo, int xStep, float factor, float[] y, int yo, int yStep, int vectors) {
        for (int i = 0; i < vectors; i++) {
            y[yo + i * yStep] = factor * x[xo + i * xStep];
        }
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
    public void sigmoid(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n) {
        for (int i = 0; i < n; i++) {
            h[ho + i * hStep] = (float) (1 / (1 + Math.exp(-(e[eo + i] + p[po + i]))));
        }
    }

    @Override
    public void addTanhGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            float gradient = f * d[from + i] * (1 - h[from + i] * h[from + i]);
            x[xo + i] += gradient;
            y[yo + i] += gradient;
        }
    }

    @Override
    public void addReluGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            float gradient = h[from + i] > 0 ? f * d[from + i] : 0;
            x[xo + i] += gradient;
            y[yo + i] += gradient;
        }
    }

    @Override
    public void addSigmoidGradient(
            float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            float gradient = f * d[from + i] * h[from + i] * (1 - h[from + i]);
            x[xo + i] += gradient;
            y[yo + i] += gradient;
        }
    }

    @Override
    public float max(float[] z, int zo, int step, int n) {
        float max = z[zo];
        for (int i = 1; i < n; i++) {
            max = Math.max(max, z[zo + i * step]);
        }
        return max;
    }

    @Override
    public float exp(float[] z, int zo, int step, int n, float shift) {
        double sum = 0;
        for (int i = zo, count = 0; count < n; count++, i += step) {
            z[i] = (float) Math.exp(z[i] - shift);
            sum += z[i];
        }
        return (float) sum;
    }

    @Override
    public void rowMaxima(float[] z, int zo, int length, int rows, float[] max, int mo) {
        for (int r = 0; r < rows; r++) {
            max[mo + r] = max(z, zo + r * length, 1, length);
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

    @Override
    public void logAdd(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
        for (int i = 0; i < n; i++) {
            double a = Math.max(NEVER, x[xo + i]);
            double b = Math.max(NEVER, y[yo + i]);
            z[zo + i] = Math.max(a, b) + Math.log(1 + Math.exp(-Math.abs(a - b)));
        }
    }

    @Override
    public void posteriors(double[] alpha, int ao, double[] beta, int bo, double logP, float[] p, int po, int n) {
        for (int i = 0; i < n; i++) {
            p[po + i] = (float) Math.exp(alpha[ao + i] - logP + beta[bo + i]);
        }
    }
}
