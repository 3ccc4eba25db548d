package org.transducer4j.asr.train;

/**
 * What a batch gave.
 *
 * @param lossSum over the utterances that count, in nats
 * @param counted how many those are
 * @param skipped how many don't
 * @param audioSeconds of the batch
 * @param lossPeakBytes scratch memory of the loss
 * @param gradientNorm before clipping; NaN if no step was made
 * @param learningRate used
 */
record StepOutcome(
        double lossSum,
        int counted,
        int skipped,
        double audioSeconds,
        long lossPeakBytes,
        double gradientNorm,
        double learningRate) {
    double loss() {
        return counted == 0 ? Double.NaN : lossSum / counted;
    }
}
