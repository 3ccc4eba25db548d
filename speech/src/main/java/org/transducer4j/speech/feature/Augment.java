package org.transducer4j.speech.feature;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.audio.SpeedPerturb;

/**
 * Varies an utterance for training: speed on the samples and vocal-tract warp within the filterbank; and for some, gain and noise on the
 * samples, a random smooth frequency response and SpecAugment on the features.
 */
public final class Augment {
    /** Cosines over the mel axis that make up a frequency response: tilt, bow, and one more. */
    private static final int CHANNEL_TERMS = 3;

    private final AugmentOptions options;
    private final Fbank fbank;
    private final @Nullable SpecAugment specAugment;

    /**
     * @param options what to do
     * @param fbank computes the features
     */
    public Augment(AugmentOptions options, Fbank fbank) {
        this.options = options;
        this.fbank = fbank;
        SpecAugmentOptions masks = options.specAugment();
        this.specAugment = masks == null ? null : new SpecAugment(masks);
    }

    /**
     * An utterance as it was varied.
     *
     * @param features its features
     * @param speed what it was made faster by: what was said at second s is now at s / speed; SpecAugment's time
     *     warp, where it is on, moves it by some frames more
     */
    public record Varied(Features features, double speed) {}

    /**
     * @param samples at the filterbank's rate; not changed
     * @param random what to draw from
     * @return the varied utterance; the number of frames varies with the speed
     */
    public Varied vary(float[] samples, RandomGenerator random) {
        double speed = options.speeds().get(random.nextInt(options.speeds().size()));
        double warp = options.warpMin() + random.nextDouble() * (options.warpMax() - options.warpMin());
        boolean disturbed = random.nextDouble() < options.disturbProbability();
        double gain = Math.pow(10, options.gainDb() * (2 * random.nextDouble() - 1) / 20);
        boolean noisy = random.nextDouble() < options.noiseProbability();
        double snr = options.noiseSnrMin() + random.nextDouble() * (options.noiseSnrMax() - options.noiseSnrMin());
        float[] varied = SpeedPerturb.apply(samples, speed);
        if (!disturbed) {
            return new Varied(fbank.compute(varied, warp), speed);
        }
        if (noisy) {
            addNoise(varied, snr, random);
        }
        for (int i = 0; i < varied.length; i++) {
            varied[i] *= (float) gain;
        }
        Features features = fbank.compute(varied, warp);
        if (options.channelDb() > 0) {
            addChannel(features, random);
        }
        return new Varied(specAugment == null ? features : specAugment.apply(features, random), speed);
    }

    /** Gaussian noise through a one-pole filter: its colour goes from rumble over white to a little hiss. */
    static void addNoise(float[] samples, double snr, RandomGenerator random) {
        double power = 0;
        for (float sample : samples) {
            power += (double) sample * sample;
        }
        double pole = -0.3 + 1.25 * random.nextDouble();
        double scale = Math.sqrt(power / Math.max(1, samples.length) * Math.pow(10, -snr / 10) * (1 - pole * pole));
        double state = 0;
        for (int i = 0; i < samples.length; i++) {
            state = pole * state + scale * random.nextGaussian();
            samples[i] += (float) state;
        }
    }

    private void addChannel(Features features, RandomGenerator random) {
        int bins = features.bins();
        // Log energies: 10 dB are ln 10.
        double scale = options.channelDb() * Math.log(10) / 10;
        float[] curve = new float[bins];
        for (int k = 1; k <= CHANNEL_TERMS; k++) {
            double amplitude = scale * random.nextGaussian() / k;
            for (int b = 0; b < bins; b++) {
                curve[b] += (float) (amplitude * Math.cos(Math.PI * k * (b + 0.5) / bins));
            }
        }
        float[] values = features.values();
        for (int i = 0; i < values.length; i++) {
            values[i] += curve[i % bins];
        }
    }
}
