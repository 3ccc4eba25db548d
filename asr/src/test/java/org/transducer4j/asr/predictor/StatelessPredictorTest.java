package org.transducer4j.asr.predictor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;

class StatelessPredictorTest {
    @Test
    void predictorSeesTwoLabels() {
        ParameterSet parameters = new ParameterSet(1);
        StatelessPredictor layer = new StatelessPredictor(parameters, "p", 7, 0, 5, 3);
        parameters.seal();
        float[] a = Tensors.toArray(layer.forward(new int[][] {{1, 2, 3, 4}, {}}, 0));
        assertEquals(2 * 5 * 3, a.length);
        float[] b = Tensors.toArray(layer.forward(new int[][] {{6, 2, 3, 4}}, 0));
        assertArrayEquals(java.util.Arrays.copyOfRange(a, 9, 15), java.util.Arrays.copyOfRange(b, 9, 15), 1e-6f);
        assertTrue(Math.abs(a[6] - b[6]) > 1e-6, "row 2 sees label 0");
        // Rows 0 of both have a context of blanks.
        assertArrayEquals(java.util.Arrays.copyOf(a, 3), java.util.Arrays.copyOfRange(a, 15, 18), 1e-6f);
    }
}
