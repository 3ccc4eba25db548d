package org.transducer4j.speech.audio;

import org.transducer4j.speech.internal.Require;

/** Speed perturbation (Ko et al. 2015): resampling, so that tempo, pitch and formants all move. */
public final class SpeedPerturb {
    private static final int STEPS = 100;

    private SpeedPerturb() {}

    /**
     * @param samples not changed
     * @param factor in [0.5, 2], rounded to hundredths; above 1 is faster
     * @return ceil(samples / factor) samples
     */
    public static float[] apply(float[] samples, double factor) {
        return Resampler.resample(samples, percent(factor), STEPS);
    }

    /**
     * How many samples become of some.
     *
     * @param samples a number of samples
     * @param factor in [0.5, 2], rounded to hundredths; above 1 is faster
     * @return ceil(samples / factor)
     */
    public static long length(long samples, double factor) {
        return Resampler.length(samples, percent(factor), STEPS);
    }

    private static int percent(double factor) {
        Require.that(factor >= 0.5 && factor <= 2, "speed must be in [0.5, 2], got %s", factor);
        return (int) Math.round(factor * STEPS);
    }
}
