package org.transducer4j.speech.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.internal.Require;

/**
 * How training utterances are varied; see {@link Augment}.
 *
 * @param speeds factors of which one is drawn for each utterance, such as 0.9, 1, 1.1; pitch and formants move with them
 * @param warpMin least vocal-tract warp, see {@link Fbank#compute(float[], double)}
 * @param warpMax most vocal-tract warp
 * @param disturbProbability of anything but speed and warp being done to an utterance
 * @param gainDb gain is drawn from [-gainDb, gainDb]
 * @param noiseProbability of noise being added
 * @param noiseSnrMin least signal-to-noise ratio, in dB
 * @param noiseSnrMax most
 * @param channelDb strength of a random smooth frequency response (another microphone, another room), in dB; 0 for none
 * @param specAugment masks over the features, or null for none
 */
public record AugmentOptions(
        List<Double> speeds,
        double warpMin,
        double warpMax,
        double disturbProbability,
        double gainDb,
        double noiseProbability,
        double noiseSnrMin,
        double noiseSnrMax,
        double channelDb,
        @Nullable SpecAugmentOptions specAugment) {
    /** Checks each option. */
    public AugmentOptions {
        speeds = List.copyOf(speeds);
        Require.that(!speeds.isEmpty(), "want at least one speed");
        for (double speed : speeds) {
            Require.that(speed >= 0.5 && speed <= 2, "speed must be in [0.5, 2], got %s", speed);
        }
        Require.that(
                warpMin >= 0.5 && warpMin <= warpMax && warpMax <= 2,
                "want 0.5 <= least warp <= most warp <= 2, got %s and %s",
                warpMin,
                warpMax);
        Require.that(
                disturbProbability >= 0 && disturbProbability <= 1,
                "disturb probability must be in [0, 1], got %s",
                disturbProbability);
        Require.that(gainDb >= 0 && gainDb <= 60, "gain must be in [0, 60] dB, got %s", gainDb);
        Require.that(
                noiseProbability >= 0 && noiseProbability <= 1,
                "noise probability must be in [0, 1], got %s",
                noiseProbability);
        Require.that(
                noiseSnrMin <= noiseSnrMax && Double.isFinite(noiseSnrMin) && Double.isFinite(noiseSnrMax),
                "want least SNR <= most SNR, got %s and %s",
                noiseSnrMin,
                noiseSnrMax);
        Require.that(channelDb >= 0 && channelDb <= 60, "channel must be in [0, 60] dB, got %s", channelDb);
    }

    /**
     * @param bins features a frame
     * @return speeds 0.9 to 1.1, warps 0.88 to 1.12; for two utterances of five also gain +-10 dB, noise at 10 to 40 dB for half of
     *     these, channel 3 dB, SpecAugment's defaults
     */
    public static AugmentOptions defaults(int bins) {
        return new AugmentOptions(
                List.of(0.9, 0.95, 1.0, 1.05, 1.1),
                0.88,
                1.12,
                0.4,
                10,
                0.5,
                10,
                40,
                3,
                SpecAugmentOptions.defaults(bins));
    }

    /**
     * @param options masks, or null for none
     * @return the same options with these masks
     */
    public AugmentOptions withSpecAugment(@Nullable SpecAugmentOptions options) {
        return new AugmentOptions(
                speeds,
                warpMin,
                warpMax,
                disturbProbability,
                gainDb,
                noiseProbability,
                noiseSnrMin,
                noiseSnrMax,
                channelDb,
                options);
    }
}
