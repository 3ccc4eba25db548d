package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.SymbolScorer;

class SymbolScorerTest {
    private static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void everyProviderScoresRowsAsTheDefinitionSays() {
        Random random = new Random(1);
        int width = 37;
        int vocabulary = 53;
        float[] weight = random(random, vocabulary * width);
        float[] bias = random(random, vocabulary);
        float[] rows = random(random, 3 * width);
        for (KernelProvider provider : KernelProviders.all()) {
            SymbolScorer scorer = provider.scorer(weight, bias);
            float[] logits = new float[vocabulary];
            for (int row = 0; row < 3; row++) {
                scorer.score(rows, row * width, logits);
                for (int v = 0; v < vocabulary; v++) {
                    double z = bias[v];
                    for (int h = 0; h < width; h++) {
                        z += (double) weight[v * width + h] * rows[row * width + h];
                    }
                    assertEquals(z, logits[v], 1e-5, provider.name());
                }
            }
        }
    }

    @Test
    void aWeightThatDoesNotFitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> SymbolScorer.plain(new float[10], new float[3]));
        assertThrows(IllegalArgumentException.class, () -> SymbolScorer.plain(new float[10], new float[0]));
    }
}
