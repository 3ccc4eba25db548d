package org.transducer4j.loss.input;

import java.util.List;
import org.transducer4j.loss.internal.check.Require;

/**
 * Losses of a batch; the gradients are where the caller asked for them.
 *
 * @param losses -log P(labels given audio), natural log, an utterance each; as they are, skipped ones included. Copied on the way in and
 *     out
 * @param skipped indices of utterances whose loss isn't finite, left out of sum and gradients
 * @param nodes rows computed forward: lattice nodes and, where a schedule computes it, padding
 * @param nodesBackward rows computed backward
 * @param nodesAgain of these, the ones whose logits had to be made or read a second time
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
     * Copies what could be changed from outside.
     *
     * @throws IllegalArgumentException if there is no utterance of a skipped index
     * @throws NullPointerException if losses or skipped are null, by name
     */
    public LossResult {
        losses = Require.given(losses, "losses").clone();
        skipped = Require.all(skipped, "skipped");
        for (int b : skipped) {
            Require.that(
                    b >= 0 && b < losses.length,
                    "utterance %d can't be skipped: there are losses of %d",
                    b,
                    losses.length);
        }
    }

    /**
     * Losses, and nothing about the work.
     *
     * @param losses an utterance each
     * @param skipped indices of those left out of sum and gradients
     * @return the result
     */
    public static LossResult of(double[] losses, List<Integer> skipped) {
        return new LossResult(losses, skipped, 0, 0, 0, 0, 0, 0);
    }

    /**
     * With the work that was done.
     *
     * @param forward rows computed forward
     * @param backward rows computed backward
     * @param again rows whose logits had to be made or read a second time
     * @return the same losses with it
     */
    public LossResult withNodes(long forward, long backward, long again) {
        return new LossResult(losses, skipped, forward, backward, again, leftOut, gradientErrorBound, peakScratchBytes);
    }

    /**
     * With what an occupancy floor left out.
     *
     * @param occupancies the sum of them
     * @param bound what the L1 norm of the gradient is off by at most
     * @return the same losses with it
     */
    public LossResult withLeftOut(double occupancies, double bound) {
        return new LossResult(losses, skipped, nodes, nodesBackward, nodesAgain, occupancies, bound, peakScratchBytes);
    }

    /**
     * With the memory that was held.
     *
     * @param bytes the most at once
     * @return the same losses with it
     */
    public LossResult withPeakScratchBytes(long bytes) {
        return new LossResult(losses, skipped, nodes, nodesBackward, nodesAgain, leftOut, gradientErrorBound, bytes);
    }

    @Override
    public double[] losses() {
        return losses.clone();
    }

    /**
     * The loss of an utterance.
     *
     * @param utterance its index in the batch
     * @return -log P, natural log
     */
    public double loss(int utterance) {
        return losses[utterance];
    }

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
     * The mean of the losses that aren't skipped.
     *
     * @return the mean, natural log; 0 where all are
     */
    public double mean() {
        return sum() * Reduction.MEAN.factor(counted());
    }

    /**
     * The number of utterances that count in sum and mean.
     *
     * @return the number
     */
    public int counted() {
        return losses.length - skipped.size();
    }
}
