package org.transducer4j.loss.input;

import java.util.List;

/**
 * Losses of a batch; the gradients are where the caller asked for them.
 *
 * @param losses -log P(labels given audio), natural log, an utterance each; as they are, skipped ones included
 * @param skipped indices of utterances whose loss isn't finite, left out of sum and gradients
 * @param nodes rows computed forward: lattice nodes and, where a schedule computes it, padding
 * @param nodesBackward rows computed backward
 * @param nodesAgain of these, the ones whose logits had to be made a second time
 * @param leftOut sum of the occupancies of the nodes that the occupancy floor left out of the backward pass
 * @param gradientErrorBound what the L1 norm of the gradient with respect to the logits is off by at most, because of
 *     that: 2 x leftOut (3 x with HAT)
 * @param peakScratchBytes the most scratch memory that the computation held at once, inputs and gradients not counted
 */
public record LossResult(
        double[] losses,
        List<Integer> skipped,
        long nodes,
        long nodesBackward,
        long nodesAgain,
        double leftOut,
        double gradientErrorBound,
        long peakScratchBytes) {
    /**
     * The sum of the losses that aren't skipped.
     *
     * @return the sum, natural log
     */
    public double sum() {
        boolean[] skip = new boolean[losses.length];
        skipped.forEach(b -> skip[b] = true);
        double sum = 0;
        for (int b = 0; b < losses.length; b++) {
            if (!skip[b]) {
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
