package org.transducer4j.asr.train;

/**
 * What a batch gave.
 *
 * @param lossSum over the utterances that count, in nats
 * @param counted how many those are
 * @param skipped how many don't
 * @param audioSeconds of the batch
 * @param lossPeakBytes scratch memory of the loss
 * @param nodes of the lattices
 * @param nodesBackward those that the occupancy floor left in the gradient
 * @param gradientNorm before clipping; NaN if no step was made
 * @param learningRate used
 */
record StepOutcome(
        double lossSum,
        int counted,
        int skipped,
        double audioSeconds,
        long lossPeakBytes,
        long nodes,
        long nodesBackward,
        double gradientNorm,
        double learningRate) {
    /** A batch that gives nothing. */
    static StepOutcome nothing(int skipped, double audioSeconds, long lossPeakBytes, double gradientNorm, double rate) {
        return new StepOutcome(0, 0, skipped, audioSeconds, lossPeakBytes, 0, 0, gradientNorm, rate);
    }

    double loss() {
        return counted == 0 ? Double.NaN : lossSum / counted;
    }
}
