package org.transducer4j.asr.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.Torch;
import org.transducer4j.torch.layer.Linear;

class OutputLayerTest {
    private static final int WIDTH = 4;
    private static final int VOCABULARY = 5;

    @Test
    void hatsChoiceIsTheMostProbableOfBlankAndLabels() {
        Torch.load();
        Torch.seed(3);
        try (PointerScope _ = new PointerScope()) {
            Linear layer = new Linear(new ParameterSet(3), "output", WIDTH, VOCABULARY);
            OutputLayer output = new OutputLayer(layer, null);
            float[] weight = Tensors.toArray(layer.weight());
            Random random = new Random(1);
            int blanks = 0;
            int differs = 0;
            for (int i = 0; i < 300; i++) {
                float[] hidden = new float[WIDTH];
                for (int h = 0; h < WIDTH; h++) {
                    hidden[h] = 3 * (float) random.nextGaussian();
                }
                int blank = i % VOCABULARY;
                int expected = mostProbable(weight, hidden, blank);
                float[] logits = new float[VOCABULARY];
                output.score(hidden, 0, logits);
                assertEquals(expected, OutputLayer.bestApartFrom(blank, logits));
                blanks += expected == blank ? 1 : 0;
                differs += expected == OutputLayer.best(logits) ? 0 : 1;
                probabilities(weight, hidden, blank, logits);
            }
            assertTrue(blanks > 50 && blanks < 250, blanks + " blanks");
            assertTrue(differs > 10, "one softmax over all chooses otherwise");
        }
    }

    /** Log-probabilities are those of the definitions, and sum to 1. */
    private static void probabilities(float[] weight, float[] hidden, int blank, float[] logits) {
        float[] apart = logits.clone();
        OutputLayer.logSoftmaxApartFrom(blank, apart);
        float[] together = logits.clone();
        OutputLayer.logSoftmax(together);
        double[] p = hat(weight, hidden, blank);
        double all = 0;
        for (float z : logits) {
            all += Math.exp(z);
        }
        for (int v = 0; v < VOCABULARY; v++) {
            assertEquals(p[v], Math.exp(apart[v]), 1e-5);
            assertEquals(Math.exp(logits[v]) / all, Math.exp(together[v]), 1e-5);
        }
    }

    private static int mostProbable(float[] weight, float[] hidden, int blank) {
        double[] p = hat(weight, hidden, blank);
        int best = blank;
        for (int v = 0; v < VOCABULARY; v++) {
            best = p[v] > p[best] ? v : best;
        }
        return best;
    }

    /** Straight from P(blank) = sigmoid(z), P(label) = (1 - P(blank)) softmax over labels. */
    private static double[] hat(float[] weight, float[] hidden, int blank) {
        double[] p = new double[VOCABULARY];
        double sum = 0;
        for (int v = 0; v < VOCABULARY; v++) {
            double z = 0;
            for (int h = 0; h < WIDTH; h++) {
                z += weight[v * WIDTH + h] * hidden[h];
            }
            p[v] = v == blank ? 1 / (1 + Math.exp(-z)) : Math.exp(z);
            sum += v == blank ? 0 : p[v];
        }
        for (int v = 0; v < VOCABULARY; v++) {
            p[v] = v == blank ? p[v] : (1 - p[blank]) * p[v] / sum;
        }
        return p;
    }
}
