package org.transducer4j.speech.feature;

import org.transducer4j.speech.internal.Require;

/**
 * Power spectrum of N real samples, N a power of two: the samples are taken as N/2 complex ones, transformed in place by
 * an iterative radix-2 FFT in double precision, and unfolded. Only the powers of bins 0 to N/2-1 ever exist; Kaldi's mel
 * filters don't reach the Nyquist bin.
 */
final class RealFft {
    private final int half;
    private final double[] cos; // of 2 pi k / N, k < N/2
    private final double[] sin;
    private final int[] reversed;

    RealFft(int size) {
        Require.that(size >= 4 && Integer.bitCount(size) == 1, "FFT size must be a power of two >= 4, got %d", size);
        half = size / 2;
        cos = new double[half];
        sin = new double[half];
        for (int k = 0; k < half; k++) {
            cos[k] = Math.cos(2 * Math.PI * k / size);
            sin[k] = Math.sin(2 * Math.PI * k / size);
        }
        reversed = new int[half];
        int bits = Integer.numberOfTrailingZeros(half);
        for (int i = 0; i < half; i++) {
            reversed[i] = Integer.reverse(i) >>> (32 - bits);
        }
    }

    int size() {
        return 2 * half;
    }

    /**
     * @param x N samples
     * @param re N/2 doubles of scratch
     * @param im N/2 doubles of scratch
     * @param power receives |X_k|^2 for k < N/2
     */
    void power(double[] x, double[] re, double[] im, double[] power) {
        for (int i = 0; i < half; i++) {
            int j = reversed[i];
            re[j] = x[2 * i];
            im[j] = x[2 * i + 1];
        }
        transform(re, im);
        double dc = re[0] + im[0];
        power[0] = dc * dc;
        for (int k = 1; k < half; k++) {
            // X_k = E_k + exp(-2 pi i k/N) O_k with E, O the transforms of the even and the odd samples.
            int m = half - k;
            double er = 0.5 * (re[k] + re[m]);
            double ei = 0.5 * (im[k] - im[m]);
            double or = 0.5 * (im[k] + im[m]);
            double oi = 0.5 * (re[m] - re[k]);
            double xr = er + cos[k] * or + sin[k] * oi;
            double xi = ei + cos[k] * oi - sin[k] * or;
            power[k] = xr * xr + xi * xi;
        }
    }

    private void transform(double[] re, double[] im) {
        for (int length = 2; length <= half; length <<= 1) {
            int step = 2 * half / length;
            int middle = length / 2;
            for (int begin = 0; begin < half; begin += length) {
                for (int j = 0, t = 0; j < middle; j++, t += step) {
                    int a = begin + j;
                    int b = a + middle;
                    double br = cos[t] * re[b] + sin[t] * im[b];
                    double bi = cos[t] * im[b] - sin[t] * re[b];
                    re[b] = re[a] - br;
                    im[b] = im[a] - bi;
                    re[a] += br;
                    im[a] += bi;
                }
            }
        }
    }
}
