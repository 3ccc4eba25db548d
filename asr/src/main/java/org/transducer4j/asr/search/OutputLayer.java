package org.transducer4j.asr.search;

import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Linear;

/** A linear layer to symbols in plain Java, one row at a time. */
final class OutputLayer {
    private final int width;
    private final int vocabulary;
    private final float[] weight; // (H, V), transposed: the inner loop runs over V
    private final float[] bias;
    private final float[] logits;

    /** Weights are read now. */
    OutputLayer(Linear layer) {
        bias = Tensors.toArray(layer.bias());
        vocabulary = bias.length;
        logits = new float[vocabulary];
        float[] rows = Tensors.toArray(layer.weight());
        width = rows.length / vocabulary;
        weight = new float[rows.length];
        for (int v = 0; v < vocabulary; v++) {
            for (int h = 0; h < width; h++) {
                weight[h * vocabulary + v] = rows[v * width + h];
            }
        }
    }

    /** The most probable symbol; the lowest index among equals. */
    int best(float[] hidden, int offset) {
        score(hidden, offset);
        return best(-1);
    }

    /**
     * The more probable of blank, by the sigmoid of its logit z, and the best label, by a softmax among the labels: the odds of
     * blank against any label are e^z, so blank it is where z isn't below the label's log-probability.
     */
    int bestApartFrom(int blank, float[] hidden) {
        score(hidden, 0);
        int best = best(blank);
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += v == blank ? 0 : Math.exp(logits[v] - logits[best]);
        }
        return logits[blank] >= -Math.log(sum) ? blank : best;
    }

    private void score(float[] hidden, int offset) {
        System.arraycopy(bias, 0, logits, 0, vocabulary);
        for (int h = 0; h < width; h++) {
            float x = hidden[offset + h];
            int row = h * vocabulary;
            for (int v = 0; v < vocabulary; v++) {
                logits[v] += x * weight[row + v];
            }
        }
    }

    private int best(int except) {
        int best = except == 0 ? 1 : 0;
        for (int v = best + 1; v < vocabulary; v++) {
            if (v != except && logits[v] > logits[best]) {
                best = v;
            }
        }
        return best;
    }
}
