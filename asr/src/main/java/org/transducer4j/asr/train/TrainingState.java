package org.transducer4j.asr.train;

import org.jspecify.annotations.Nullable;

/**
 * Where a training stands between two batches, besides weights and optimiser: all that a resumed run needs to continue as
 * if nothing had happened.
 *
 * @param epoch epochs done
 * @param batch batches done in the current one
 * @param steps batches done in all
 * @param optimizerSteps steps of the optimiser: batches less those left out
 * @param best the best validation, or null before the first
 * @param lossSum of the current epoch
 * @param counted utterances in that sum
 * @param skipped utterances left out in the current epoch
 * @param audioSeconds of sound in the current epoch so far
 * @param epochSeconds of time in the current epoch so far
 * @param totalAudioSeconds of sound in all epochs
 * @param totalSeconds of time in all runs
 * @param lossPeakBytes the most scratch memory of the loss
 * @param metricsBytes length of metrics.jsonl at this moment
 */
record TrainingState(
        int epoch,
        int batch,
        long steps,
        int optimizerSteps,
        @Nullable Best best,
        double lossSum,
        long counted,
        long skipped,
        double audioSeconds,
        double epochSeconds,
        double totalAudioSeconds,
        double totalSeconds,
        long lossPeakBytes,
        long metricsBytes) {
    /** Before the first batch. */
    static final TrainingState BEGINNING = new TrainingState(0, 0, 0, 0, null, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * The best validation.
     *
     * @param epoch from 1
     * @param wer in percent
     * @param loss mean, in nats
     */
    record Best(int epoch, double wer, double loss) {
        boolean beats(@Nullable Best other) {
            return other == null || wer < other.wer || (wer == other.wer && loss < other.loss);
        }
    }

    /** After a batch. */
    TrainingState afterBatch(StepOutcome outcome, double seconds, int optimizerSteps) {
        return new TrainingState(
                epoch,
                batch + 1,
                steps + 1,
                optimizerSteps,
                best,
                lossSum + outcome.lossSum(),
                counted + outcome.counted(),
                skipped + outcome.skipped(),
                audioSeconds + outcome.audioSeconds(),
                epochSeconds + seconds,
                totalAudioSeconds + outcome.audioSeconds(),
                totalSeconds + seconds,
                Math.max(lossPeakBytes, outcome.lossPeakBytes()),
                metricsBytes);
    }

    /** After validation: the next epoch begins. */
    TrainingState afterEpoch(@Nullable Best newBest, double validationSeconds) {
        return new TrainingState(
                epoch + 1,
                0,
                steps,
                optimizerSteps,
                newBest,
                0,
                0,
                0,
                0,
                0,
                totalAudioSeconds,
                totalSeconds + validationSeconds,
                lossPeakBytes,
                metricsBytes);
    }

    /** With another best validation. */
    TrainingState withBest(@Nullable Best newBest) {
        return with(newBest, metricsBytes);
    }

    /** With the metrics written so far. */
    TrainingState withMetricsBytes(long bytes) {
        return with(best, bytes);
    }

    private TrainingState with(@Nullable Best newBest, long bytes) {
        return new TrainingState(
                epoch,
                batch,
                steps,
                optimizerSteps,
                newBest,
                lossSum,
                counted,
                skipped,
                audioSeconds,
                epochSeconds,
                totalAudioSeconds,
                totalSeconds,
                lossPeakBytes,
                bytes);
    }
}
