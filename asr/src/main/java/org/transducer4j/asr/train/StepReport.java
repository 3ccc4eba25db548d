package org.transducer4j.asr.train;

/**
 * A batch.
 *
 * @param step batches done, this one included
 * @param epoch from 1
 * @param epochs planned
 * @param batch within the epoch, from 1
 * @param batches of the epoch
 * @param loss a mean over its utterances, in nats; NaN if none counts
 * @param gradientNorm before clipping
 * @param learningRate used
 * @param secondsLeft until the end of the last epoch, guessed from the time so far
 */
public record StepReport(
        long step,
        int epoch,
        int epochs,
        int batch,
        int batches,
        double loss,
        double gradientNorm,
        double learningRate,
        double secondsLeft) {}
