package org.transducer4j.asr.search;

import org.transducer4j.asr.model.TransducerModel;

/**
 * Greedy search for CTC (Graves et al. 2006): the most probable symbol of each frame, where a symbol that goes on over several frames counts
 * once.
 */
public final class CtcGreedyDecoder implements Decoder {
    private final int width;
    private final int blank;
    private final OutputLayer output;

    /**
     * @param model whose CTC branch is read now
     * @throws IllegalStateException if it has none
     */
    public CtcGreedyDecoder(TransducerModel model) {
        width = model.config().size().jointWidth();
        blank = model.config().blank();
        output = new OutputLayer(model.ctc());
    }

    @Override
    public void advance(Search search, float[] encoded, int firstRow, int rows) {
        for (int t = firstRow; t < firstRow + rows; t++) {
            int best = output.best(encoded, t * width);
            if (best != blank && best != search.previous()) {
                search.add(best);
            }
            search.nextFrame(best);
        }
    }
}
