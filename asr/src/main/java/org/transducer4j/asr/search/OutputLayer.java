package org.transducer4j.asr.search;

import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.SymbolScorer;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Linear;

/** A linear layer to symbols, one row at a time, and what is read from its logits. Never changes, so that threads share it. */
final class OutputLayer {
    private final int vocabulary;
    private final int width;
    private final SymbolScorer scorer;

    /** Weights are read now; they are scored in plain Java unless a provider is named. */
    OutputLayer(Linear layer, @Nullable KernelProvider provider) {
        float[] bias = Tensors.toArray(layer.bias());
        float[] weight = Tensors.toArray(layer.weight());
        vocabulary = bias.length;
        width = weight.length / vocabulary;
        scorer = provider == null ? SymbolScorer.plain(weight, bias) : provider.scorer(weight, bias);
    }

    int vocabulary() {
        return vocabulary;
    }

    int width() {
        return width;
    }

    /** V logits of the row that begins at an offset. */
    void score(float[] hidden, int offset, float[] logits) {
        scorer.score(hidden, offset, logits);
    }

    /** The symbol with the highest logit; the lowest index among equals. */
    static int best(float[] logits) {
        return bestBut(-1, logits);
    }

    /**
     * The more probable of blank, by the sigmoid of its logit z, and the best label, by a softmax among the labels: the odds of
     * blank against any label are e^z, so blank it is where z isn't below the label's log-probability.
     */
    static int bestApartFrom(int blank, float[] logits) {
        int best = bestBut(blank, logits);
        return logits[blank] >= -Math.log(sum(blank, logits, logits[best])) ? blank : best;
    }

    /** Logits become natural logarithms of a softmax over all symbols. */
    static void logSoftmax(float[] logits) {
        float most = logits[best(logits)];
        double lse = most + Math.log(sum(-1, logits, most));
        for (int v = 0; v < logits.length; v++) {
            logits[v] = (float) (logits[v] - lse);
        }
    }

    /** Logits become natural logarithms: a sigmoid for blank, and what it leaves to the labels by a softmax among them. */
    static void logSoftmaxApartFrom(int blank, float[] logits) {
        float most = logits[bestBut(blank, logits)];
        double lse = most + Math.log(sum(blank, logits, most));
        double z = logits[blank];
        double softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))); // -log(1 - sigmoid(z))
        for (int v = 0; v < logits.length; v++) {
            logits[v] = (float) (v == blank ? z - softplus : logits[v] - lse - softplus);
        }
    }

    private static double sum(int except, float[] logits, float most) {
        double sum = 0;
        for (int v = 0; v < logits.length; v++) {
            sum += v == except ? 0 : Math.exp(logits[v] - most);
        }
        return sum;
    }

    private static int bestBut(int except, float[] logits) {
        int best = except == 0 ? 1 : 0;
        for (int v = best + 1; v < logits.length; v++) {
            if (v != except && logits[v] > logits[best]) {
                best = v;
            }
        }
        return best;
    }
}
