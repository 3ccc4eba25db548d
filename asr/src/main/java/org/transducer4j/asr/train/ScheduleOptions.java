package org.transducer4j.asr.train;

import org.transducer4j.torch.AdamWSettings;

/**
 * How long and how fast to learn. The rate rises linearly over the warm-up and falls as a half cosine to a hundredth at
 * the end of the last epoch.
 *
 * @param epochs passes over the data; 0: as many as present some {@value #AUTO_HOURS} hours of sound, from 4 to 400
 * @param learningRate the highest
 * @param warmupSteps batches until it is reached
 * @param maxSteps the run stops after so many batches, its schedule unchanged; 0 for no such limit
 * @param adamW the optimiser
 */
public record ScheduleOptions(int epochs, double learningRate, int warmupSteps, long maxSteps, AdamWSettings adamW) {
    /** Hours of sound that a run with automatic epochs presents. */
    static final int AUTO_HOURS = 35;

    private static final double LAST_RATE = 0.01;

    /** Checks each option. */
    public ScheduleOptions {
        if (epochs < 0) {
            throw new IllegalArgumentException("epochs must be 0 (automatic) or more, got " + epochs);
        }
        if (!(learningRate > 0) || learningRate > 1) {
            throw new IllegalArgumentException("learning rate must be in (0, 1], got " + learningRate);
        }
        if (warmupSteps < 0) {
            throw new IllegalArgumentException("warm-up steps must be 0 or more, got " + warmupSteps);
        }
        if (maxSteps < 0) {
            throw new IllegalArgumentException("max steps must be 0 (no limit) or more, got " + maxSteps);
        }
    }

    /**
     * @return automatic epochs, rate 2e-3 after 200 steps
     */
    public static ScheduleOptions defaults() {
        return new ScheduleOptions(0, 2e-3, 200, 0, AdamWSettings.defaults());
    }

    /**
     * @param seconds of sound in the training data
     * @return these options with the number of epochs settled
     */
    ScheduleOptions resolved(double seconds) {
        if (epochs > 0) {
            return this;
        }
        int automatic = (int) Math.round(AUTO_HOURS * 3600.0 / Math.max(1, seconds));
        return withEpochs(Math.clamp(automatic, 4, 400));
    }

    /**
     * @param epochs passes over the data; 0 for automatic
     * @return the same options with these
     */
    public ScheduleOptions withEpochs(int epochs) {
        return new ScheduleOptions(epochs, learningRate, warmupSteps, maxSteps, adamW);
    }

    /**
     * @param maxSteps limit on the number of batches; 0 for none
     * @return the same options with this
     */
    public ScheduleOptions withMaxSteps(long maxSteps) {
        return new ScheduleOptions(epochs, learningRate, warmupSteps, maxSteps, adamW);
    }

    /**
     * @param step batches done before
     * @param epoch epochs done before, with the fraction of the current one
     * @return the rate of the next batch
     */
    double rate(long step, double epoch) {
        double warmup = Math.min(1, (step + 1.0) / Math.max(1, warmupSteps));
        double progress = Math.min(1, epoch / epochs);
        double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
        return learningRate * warmup * (LAST_RATE + (1 - LAST_RATE) * cosine);
    }
}
