package org.transducer4j.asr.search;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.transducer4j.asr.model.ModelConfig.Criterion;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.predictor.StatelessPredictor;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.torch.Tensors;

/**
 * Frame-synchronous greedy search: at each frame the most probable symbol is taken until it is blank.
 *
 * <p>The search itself is plain Java on the encoder's output: one row of the joint network at a time, with the predictor's
 * outputs kept by context. So a result doesn't depend on the batch it was computed in. Weights are read at
 * construction.
 */
public final class GreedyDecoder implements Decoder {
    /** Symbols that one frame may emit where labels take no frame; a safeguard against a model that never says blank. */
    private static final int MAX_SYMBOLS = 5;

    private final TransducerModel model;
    private final int width;
    private final int vocabulary;
    private final int blank;
    private final Activation activation;
    private final boolean hat;
    private final OutputLayer output;
    private final Map<Long, float[]> predictions = new HashMap<>();
    private final int maxSymbols;
    private final float[] hidden;

    /**
     * @param model whose weights are read now
     */
    public GreedyDecoder(TransducerModel model) {
        this.model = model;
        width = model.config().size().jointWidth();
        vocabulary = model.config().vocabulary();
        blank = model.config().blank();
        activation = model.config().activation();
        hat = model.config().criterion() == Criterion.HAT;
        maxSymbols = model.config().size().topology().labelTakesFrame() ? 1 : MAX_SYMBOLS;
        hidden = new float[width];
        output = new OutputLayer(model.output());
    }

    @Override
    public void advance(Search search, float[] encoded, int firstRow, int rows) {
        for (int t = firstRow; t < firstRow + rows; t++) {
            for (int emitted = 0; emitted < maxSymbols; emitted++) {
                int best = best(encoded, t * width, prediction(search));
                if (best == blank) {
                    break;
                }
                search.add(best);
            }
            search.nextFrame(blank);
        }
    }

    /** The most probable symbol; the lowest index among equals. */
    private int best(float[] encoded, int offset, float[] prediction) {
        for (int h = 0; h < width; h++) {
            hidden[h] = (float) activation.apply(encoded[offset + h] + prediction[h]);
        }
        return hat ? output.bestApartFrom(blank, hidden) : output.best(hidden, 0);
    }

    private float[] prediction(Search search) {
        long[] context = new long[StatelessPredictor.CONTEXT];
        long key = 0;
        for (int i = 0; i < context.length; i++) {
            context[i] = search.token(context.length - i, blank);
            key = key * vocabulary + context[i];
        }
        return predictions.computeIfAbsent(key, k -> {
            try (PointerScope _ = new PointerScope();
                    NoGradGuard _ = new NoGradGuard()) {
                return Tensors.toArray(model.predictor().contexts(context, 1, 1).contiguous());
            }
        });
    }
}
