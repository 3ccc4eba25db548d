package org.transducer4j.speech.feature;

import org.transducer4j.speech.internal.Require;

/**
 * Options of the log-mel filterbank; the names and defaults are Kaldi's and Lhotse's.
 *
 * @param sampleRate of the samples, in Hz
 * @param bins mel filters
 * @param frameLengthMs window length in milliseconds
 * @param frameShiftMs from one frame to the next, in milliseconds
 * @param preemphasis x[i] -= preemphasis * x[i-1]; 0 for none
 * @param lowFrequency where the first filter begins, in Hz
 * @param highFrequency where the last filter ends, in Hz; zero or less: so much below half the sample rate
 * @param floor mel energies below are raised to it before the logarithm
 */
public record FbankOptions(
        int sampleRate,
        int bins,
        double frameLengthMs,
        double frameShiftMs,
        double preemphasis,
        double lowFrequency,
        double highFrequency,
        double floor) {
    /** Bins at 16 kHz, and what the whole field uses there. */
    private static final int WIDE_BINS = 80;
    /** Bins at 8 kHz: see docs/features.md. */
    private static final int NARROW_BINS = 40;

    /** Checks each option. */
    public FbankOptions {
        Require.that(sampleRate >= 1000, "sample rate must be 1000 Hz or more, got %d", sampleRate);
        Require.that(bins >= 3, "want 3 mel bins or more, got %d", bins);
        Require.that(
                frameShiftMs >= 1 && frameLengthMs >= frameShiftMs && frameLengthMs <= 1000,
                "want 1 <= frame shift <= frame length <= 1000 ms, got %s and %s",
                frameShiftMs,
                frameLengthMs);
        Require.that(preemphasis >= 0 && preemphasis <= 1, "preemphasis must be in [0, 1], got %s", preemphasis);
        double nyquist = 0.5 * sampleRate;
        double high = highFrequency > 0 ? highFrequency : nyquist + highFrequency;
        Require.that(
                lowFrequency >= 0 && lowFrequency < high && high <= nyquist,
                "want 0 <= low frequency < high frequency <= %s Hz, got %s and %s",
                nyquist,
                lowFrequency,
                high);
        Require.that(floor > 0 && Double.isFinite(floor), "floor must be positive, got %s", floor);
    }

    /**
     * @param sampleRate in Hz
     * @return 25/10 ms, preemphasis 0.97, 20 Hz to 400 Hz below half the rate, floor 1e-10; 80 bins from 16 kHz on, 40 below
     */
    public static FbankOptions defaults(int sampleRate) {
        int bins = sampleRate >= 16000 ? WIDE_BINS : NARROW_BINS;
        return new FbankOptions(sampleRate, bins, 25, 10, 0.97, 20, -400, 1e-10);
    }

    /**
     * @param count mel filters
     * @return the same options with so many bins
     */
    public FbankOptions withBins(int count) {
        return new FbankOptions(
                sampleRate, count, frameLengthMs, frameShiftMs, preemphasis, lowFrequency, highFrequency, floor);
    }

    /**
     * @return the window's length in samples
     */
    public int windowSize() {
        return (int) (sampleRate * 0.001 * frameLengthMs);
    }

    /**
     * @return samples from one frame to the next
     */
    public int windowShift() {
        return (int) (sampleRate * 0.001 * frameShiftMs);
    }

    /**
     * @return the window's length rounded up to a power of two
     */
    public int fftSize() {
        int size = windowSize();
        return size <= 2 ? 2 : Integer.highestOneBit(size - 1) << 1;
    }

    /**
     * @return where the last filter ends, in Hz
     */
    public double highEnd() {
        return highFrequency > 0 ? highFrequency : 0.5 * sampleRate + highFrequency;
    }
}
