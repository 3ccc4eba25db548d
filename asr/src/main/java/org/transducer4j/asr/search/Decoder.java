package org.transducer4j.asr.search;

import org.transducer4j.asr.model.TransducerModel;

/** A frame-synchronous search over encoder outputs. Not thread-safe. */
public sealed interface Decoder permits GreedyDecoder, CtcGreedyDecoder {
    /**
     * Searches on over more frames.
     *
     * @param search where it stands
     * @param encoded encoder outputs, row-major with H columns
     * @param firstRow the first row to read
     * @param rows number of frames
     */
    void advance(Search search, float[] encoded, int firstRow, int rows);

    /**
     * @param model whose weights are read now
     * @return the greedy search that the model's criterion asks for
     */
    static Decoder of(TransducerModel model) {
        return switch (model.config().criterion()) {
            case TRANSDUCER, HAT -> new GreedyDecoder(model);
            case CTC -> new CtcGreedyDecoder(model);
        };
    }
}
