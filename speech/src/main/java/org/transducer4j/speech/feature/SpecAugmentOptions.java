package org.transducer4j.speech.feature;

import org.transducer4j.speech.internal.Require;

/**
 * Options of {@link SpecAugment}.
 *
 * @param probability that an utterance is changed at all
 * @param timeWarp how far, in frames, a random instant may be moved; 0 for no warping
 * @param frequencyMasks number of frequency masks
 * @param frequencyMaskBins most bins of one
 * @param timeMasks most time masks
 * @param timeMaskFrames most frames of one
 * @param timeMaskFraction most of an utterance's frames that the time masks together may hide
 */
public record SpecAugmentOptions(
        double probability,
        int timeWarp,
        int frequencyMasks,
        int frequencyMaskBins,
        int timeMasks,
        int timeMaskFrames,
        double timeMaskFraction) {
    /** Checks each option. */
    public SpecAugmentOptions {
        Require.that(probability >= 0 && probability <= 1, "probability must be in [0, 1], got %s", probability);
        Require.that(timeWarp >= 0, "time warp must not be negative, got %d", timeWarp);
        Require.that(
                frequencyMasks >= 0 && frequencyMaskBins >= 0,
                "frequency masks and their bins must not be negative, got %d and %d",
                frequencyMasks,
                frequencyMaskBins);
        Require.that(
                timeMasks >= 0 && timeMaskFrames >= 0,
                "time masks and their frames must not be negative, got %d and %d",
                timeMasks,
                timeMaskFrames);
        Require.that(
                timeMaskFraction >= 0 && timeMaskFraction <= 1,
                "time mask fraction must be in [0, 1], got %s",
                timeMaskFraction);
    }

    /**
     * Icefall's settings but for two: frequency masks scale with the bins (27 of 80), and a time mask hides 0.2 s at most
     * instead of 1 s, so that in a short utterance of short words no word is hidden whole; and no time warp.
     *
     * @param bins features a frame
     * @return probability 0.9, 2 frequency masks, up to 10 time masks of 20 frames hiding 15 % at most
     */
    public static SpecAugmentOptions defaults(int bins) {
        return new SpecAugmentOptions(0.9, 0, 2, (int) Math.round(27.0 / 80 * bins), 10, 20, 0.15);
    }
}
