package org.transducer4j.asr.decode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.Activation;
import org.transducer4j.torch.StatelessPredictor;
import org.transducer4j.torch.Tensors;

/**
 * Frame-synchronous greedy search: at each frame the most probable symbol is taken until it is blank.
 *
 * <p>The search itself is plain Java on the encoder's output: one row of the joint network at a time, with the predictor's
 * outputs kept by context. So a result doesn't depend on the batch it was computed in. Weights are read at
 * construction.
 */
public final class GreedyDecoder {
    /** Symbols that one frame may emit where labels take no frame; a safeguard against a model that never says blank. */
    private static final int MAX_SYMBOLS = 5;

    private final TransducerModel model;
    private final int width;
    private final int vocabulary;
    private final int blank;
    private final boolean tanh;
    private final float[] weight; // (H, V), transposed: the inner loop runs over V
    private final float[] bias;
    private final Map<Long, float[]> predictions = new HashMap<>();
    private final int maxSymbols;
    private final float[] hidden;
    private final float[] logits;

    /**
     * @param model whose weights are read now
     */
    public GreedyDecoder(TransducerModel model) {
        this.model = model;
        width = model.config().size().jointWidth();
        vocabulary = model.config().vocabulary();
        blank = model.config().blank();
        tanh = model.config().activation() == Activation.TANH;
        maxSymbols = model.config().size().topology().labelTakesFrame() ? 1 : MAX_SYMBOLS;
        hidden = new float[width];
        logits = new float[vocabulary];
        bias = Tensors.toArray(model.output().bias());
        float[] rows = Tensors.toArray(model.output().weight());
        weight = new float[rows.length];
        for (int v = 0; v < vocabulary; v++) {
            for (int h = 0; h < width; h++) {
                weight[h * vocabulary + v] = rows[v * width + h];
            }
        }
    }

    /** Where a search stands between two chunks. */
    public static final class Search {
        private int[] tokens = new int[16];
        private int[] frames = new int[16];
        private int count;
        private int frame;

        /** A search at its beginning. */
        public Search() {}

        private void add(int token) {
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * count);
                frames = Arrays.copyOf(frames, 2 * count);
            }
            tokens[count] = token;
            frames[count++] = frame;
        }

        /**
         * @return what was found so far
         */
        public Hypothesis hypothesis() {
            return new Hypothesis(Arrays.copyOf(tokens, count), Arrays.copyOf(frames, count));
        }
    }

    /**
     * Searches on over more frames.
     *
     * @param search where it stands
     * @param encoded encoder outputs, row-major with H columns
     * @param firstRow the first row to read
     * @param rows number of frames
     */
    public void advance(Search search, float[] encoded, int firstRow, int rows) {
        for (int t = firstRow; t < firstRow + rows; t++) {
            for (int emitted = 0; emitted < maxSymbols; emitted++) {
                int best = best(encoded, t * width, prediction(search));
                if (best == blank) {
                    break;
                }
                search.add(best);
            }
            search.frame++;
        }
    }

    /** The most probable symbol; the lowest index among equals. */
    private int best(float[] encoded, int offset, float[] prediction) {
        for (int h = 0; h < width; h++) {
            float sum = encoded[offset + h] + prediction[h];
            hidden[h] = tanh ? (float) Math.tanh(sum) : Math.max(0, sum);
        }
        System.arraycopy(bias, 0, logits, 0, vocabulary);
        for (int h = 0; h < width; h++) {
            float x = hidden[h];
            int row = h * vocabulary;
            for (int v = 0; v < vocabulary; v++) {
                logits[v] += x * weight[row + v];
            }
        }
        int best = 0;
        for (int v = 1; v < vocabulary; v++) {
            if (logits[v] > logits[best]) {
                best = v;
            }
        }
        return best;
    }

    private float[] prediction(Search search) {
        long[] context = new long[StatelessPredictor.CONTEXT];
        long key = 0;
        for (int i = 0; i < context.length; i++) {
            int at = search.count - context.length + i;
            context[i] = at < 0 ? blank : search.tokens[at];
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
