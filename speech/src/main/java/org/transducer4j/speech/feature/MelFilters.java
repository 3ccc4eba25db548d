package org.transducer4j.speech.feature;

import org.transducer4j.speech.internal.Require;

/**
 * Triangular filters, equally spaced on the mel scale 1127 ln(1 + f/700), over the FFT's bins below the Nyquist bin;
 * Kaldi's definition. A warp other than 1 moves their edges by Kaldi's VTLN function: F(f) = f/warp between a lower and
 * an upper bend, linear to the fixed ends outside of them. The bends are at 100 Hz and, as in vocal tract length
 * perturbation (Jaitly and Hinton 2013), at 0.6 of the Nyquist frequency: at Kaldi's default, 100 Hz below the last
 * filter's end, a warp of 0.85 would squeeze the top filters to a sixth of their width.
 */
final class MelFilters {
    private static final double WARP_LOW = 100;
    private static final double WARP_HIGH = 0.6; // of the Nyquist frequency

    private final int[] first;
    private final double[][] weights;

    MelFilters(FbankOptions options, double warp) {
        int bins = options.bins();
        double low = options.lowFrequency();
        double high = options.highEnd();
        double melLow = mel(low);
        double delta = (mel(high) - melLow) / (bins + 1);
        int fftBins = options.fftSize() / 2;
        double width = (double) options.sampleRate() / options.fftSize();
        first = new int[bins];
        weights = new double[bins][];
        for (int b = 0; b < bins; b++) {
            double left = warped(options, warp, melLow + b * delta);
            double center = warped(options, warp, melLow + (b + 1) * delta);
            double right = warped(options, warp, melLow + (b + 2) * delta);
            int begin = fftBins;
            int end = 0;
            for (int i = 0; i < fftBins; i++) {
                double mel = mel(width * i);
                if (mel > left && mel < right) {
                    begin = Math.min(begin, i);
                    end = i + 1;
                }
            }
            Require.that(
                    begin < end || warp != 1,
                    "mel filter %d of %d is empty at %d Hz with an FFT of %d: take fewer bins",
                    b,
                    bins,
                    options.sampleRate(),
                    options.fftSize());
            if (begin >= end) { // squeezed between two of the FFT's bins by the warp: the nearest one stands for it
                first[b] = Math.min(fftBins - 1, (int) Math.round(700 * Math.expm1(center / 1127) / width));
                weights[b] = new double[] {1};
                continue;
            }
            first[b] = begin;
            weights[b] = new double[end - begin];
            for (int i = begin; i < end; i++) {
                double mel = mel(width * i);
                weights[b][i - begin] =
                        mel <= center ? (mel - left) / (center - left) : (right - mel) / (right - center);
            }
        }
    }

    /** Adds up power[0 .. N/2-1] under each filter and takes the floored logarithm. */
    void logEnergies(double[] power, double floor, float[] out, int at) {
        for (int b = 0; b < weights.length; b++) {
            double[] w = weights[b];
            int begin = first[b];
            double sum = 0;
            for (int i = 0; i < w.length; i++) {
                sum += w[i] * power[begin + i];
            }
            out[at + b] = (float) Math.log(Math.max(sum, floor));
        }
    }

    private static double warped(FbankOptions options, double warp, double mel) {
        if (warp == 1) {
            return mel;
        }
        double low = options.lowFrequency();
        double high = options.highEnd();
        double l = WARP_LOW * Math.max(1, warp);
        double h = WARP_HIGH * 0.5 * options.sampleRate() * Math.min(1, warp);
        Require.that(
                l > low && h > l && h < high,
                "a warp of %s needs low frequency < %s Hz < %s Hz < high frequency, got %s and %s",
                warp,
                l,
                h,
                low,
                high);
        double f = 700 * Math.expm1(mel / 1127);
        if (f < low || f > high) {
            return mel;
        }
        double moved;
        if (f < l) {
            moved = low + (l / warp - low) / (l - low) * (f - low);
        } else if (f < h) {
            moved = f / warp;
        } else {
            moved = high + (high - h / warp) / (high - h) * (f - high);
        }
        return mel(moved);
    }

    private static double mel(double frequency) {
        return 1127 * Math.log1p(frequency / 700);
    }
}
