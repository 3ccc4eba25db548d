package org.transducer4j.loss.input;

import java.util.Optional;

/**
 * What a batch will cost, known before anything is computed. The scratch memory is the one that
 * {@link org.transducer4j.loss.input.LossResult#peakScratchBytes()} will report: both come from the same lengths of arrays.
 *
 * @param scratch what is held at the moment when most is
 * @param groups that travel one after another
 * @param tileRows rows of the largest tile
 * @param rows nodes that are computed, padding included
 * @param rowsAgain of these, the ones whose logits are made a second time for the backward pass
 * @param refusal why it would be refused, in a sentence, if it would be
 */
public record MemoryPlan(
        Scratch scratch, int groups, long tileRows, long rows, long rowsAgain, Optional<String> refusal) {
    /**
     * The floating-point operations of the joint network's products: h W^T forward, and for the gradients h W^T again
     * where it wasn't kept, dz W and dz^T h. All else is less by a factor of H.
     *
     * @param vocabulary V
     * @param width H
     * @param gradients whether there is a backward pass
     * @return multiplications and additions
     */
    public double operations(int vocabulary, int width, boolean gradients) {
        double product = 2.0 * vocabulary * width;
        return gradients ? product * (3.0 * rows + rowsAgain) : product * rows;
    }
}
