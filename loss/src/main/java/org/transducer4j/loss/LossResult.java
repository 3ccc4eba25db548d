package org.transducer4j.loss;

import java.util.List;

/**
 * Losses of a batch; the gradients are where the caller asked for them.
 *
 * @param losses -log P(labels given audio), natural log, an utterance each; as they are, skipped ones included
 * @param skipped indices of utterances whose loss isn't finite, left out of sum and gradients
 * @param nodes lattice nodes computed
 * @param peakScratchBytes the most scratch memory that the computation held at once, inputs and gradients not counted
 */
public record LossResult(double[] losses, List<Integer> skipped, long nodes, long peakScratchBytes) {
    /**
     * The sum of the losses that aren't skipped.
     *
     * @return the sum, natural log
     */
    public double sum() {
        double sum = 0;
        for (int b = 0; b < losses.length; b++) {
            if (!skipped.contains(b)) {
                sum += losses[b];
            }
        }
        return sum;
    }

    /**
     * The number of utterances that count in the sum.
     *
     * @return the number
     */
    public int counted() {
        return losses.length - skipped.size();
    }
}
