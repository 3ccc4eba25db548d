package org.transducer4j.asr.model;

import java.util.List;
import org.transducer4j.speech.feature.Features;

/**
 * Fixed shift and scale of each feature bin, taken from training data once: what streaming allows, unlike a normalisation
 * of each utterance.
 *
 * @param mean subtracted
 * @param scale multiplied afterwards
 */
@SuppressWarnings("ArrayRecordComponent")
public record FeatureScaling(float[] mean, float[] scale) {
    /** Deviations below this are a constant bin's. */
    private static final double SMALLEST_DEVIATION = 1e-3;

    /**
     * @param sample some utterances
     * @param bins features a frame
     * @return a scaling that gives them mean 0 and deviation 1 in each bin
     */
    public static FeatureScaling of(List<Features> sample, int bins) {
        double[] sum = new double[bins];
        double[] squares = new double[bins];
        long frames = 0;
        for (Features features : sample) {
            frames += features.frames();
            for (int i = 0; i < features.values().length; i++) {
                double value = features.values()[i];
                if (Double.isFinite(value)) {
                    sum[i % bins] += value;
                    squares[i % bins] += value * value;
                }
            }
        }
        float[] mean = new float[bins];
        float[] scale = new float[bins];
        for (int b = 0; b < bins; b++) {
            double m = sum[b] / Math.max(1, frames);
            double variance = squares[b] / Math.max(1, frames) - m * m;
            mean[b] = (float) m;
            scale[b] = (float) (1 / Math.max(SMALLEST_DEVIATION, Math.sqrt(Math.max(0, variance))));
        }
        return new FeatureScaling(mean, scale);
    }

    /**
     * Writes scaled features.
     *
     * @param features what to scale
     * @param target where they go
     * @param offset of the first value there
     */
    void apply(Features features, float[] target, int offset) {
        float[] values = features.values();
        int bins = features.bins();
        for (int i = 0; i < values.length; i++) {
            int b = i % bins;
            target[offset + i] = (values[i] - mean[b]) * scale[b];
        }
    }
}
