package org.transducer4j.speech.feature;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * SpecAugment (Park et al. 2019): warps time, hides bands of bins and stretches of frames. What is hidden becomes the
 * utterance's mean value. The number of frames stays.
 */
public final class SpecAugment {
    private final SpecAugmentOptions options;

    /**
     * @param options what to do
     */
    public SpecAugment(SpecAugmentOptions options) {
        this.options = options;
    }

    /**
     * @param features T x bins; not changed
     * @param random what to draw from
     * @return T x bins
     */
    public Features apply(Features features, RandomGenerator random) {
        if (features.frames() == 0 || random.nextDouble() >= options.probability()) {
            return features;
        }
        float[] values = options.timeWarp() > 0
                ? warp(features, random)
                : Arrays.copyOf(features.values(), features.values().length);
        int frames = features.frames();
        int bins = features.bins();
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        float mean = (float) (sum / values.length);
        for (int m = 0; m < options.frequencyMasks(); m++) {
            int width = Math.min(random.nextInt(options.frequencyMaskBins() + 1), bins);
            int begin = random.nextInt(bins - width + 1);
            for (int t = 0; t < frames; t++) {
                Arrays.fill(values, t * bins + begin, t * bins + begin + width, mean);
            }
        }
        maskTime(values, frames, bins, mean, random);
        return new Features(frames, bins, values);
    }

    /** As many masks as are needed to hide the fraction, each of a random length up to its share. */
    private void maskTime(float[] values, int frames, int bins, float mean, RandomGenerator random) {
        int hidden = (int) (options.timeMaskFraction() * frames);
        if (options.timeMasks() == 0 || options.timeMaskFrames() == 0 || hidden == 0) {
            return;
        }
        int masks = Math.min(options.timeMasks(), Math.ceilDiv(hidden, options.timeMaskFrames()));
        int most = Math.min(options.timeMaskFrames(), hidden / masks);
        for (int m = 0; m < masks; m++) {
            int length = random.nextInt(most + 1);
            int begin = random.nextInt(frames - length + 1);
            Arrays.fill(values, begin * bins, (begin + length) * bins, mean);
        }
    }

    /** Moves a random frame by up to timeWarp frames and stretches what is on its two sides linearly. */
    private float[] warp(Features features, RandomGenerator random) {
        int frames = features.frames();
        int bins = features.bins();
        int reach = options.timeWarp();
        if (frames < 2 * reach + 3) {
            return Arrays.copyOf(features.values(), features.values().length);
        }
        int from = reach + 1 + random.nextInt(frames - 2 * reach - 2);
        int to = from - reach + random.nextInt(2 * reach + 1);
        float[] out = new float[frames * bins];
        for (int t = 0; t < frames; t++) {
            double source = t < to
                    ? (double) t * from / to
                    : from + (double) (t - to) * (frames - 1 - from) / Math.max(1, frames - 1 - to);
            int a = (int) Math.min(source, frames - 1);
            int b = Math.min(a + 1, frames - 1);
            float share = (float) (source - a);
            for (int k = 0; k < bins; k++) {
                out[t * bins + k] =
                        (1 - share) * features.values()[a * bins + k] + share * features.values()[b * bins + k];
            }
        }
        return out;
    }
}
