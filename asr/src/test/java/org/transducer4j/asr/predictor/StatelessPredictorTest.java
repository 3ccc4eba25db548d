package org.transducer4j.asr.predictor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;

class StatelessPredictorTest {
    private static Predictor predictor() {
        ParameterSet parameters = new ParameterSet(1);
        Predictor predictor = new StatelessConfiguration(5, 0.2).build(parameters, "p", 7, 0, 3);
        parameters.seal();
        return predictor;
    }

    @Test
    void predictorSeesTwoLabels() {
        Predictor layer = predictor();
        float[] a = Tensors.toArray(layer.forward(new int[][] {{1, 2, 3, 4}, {}}, false));
        assertEquals(2 * 5 * 3, a.length);
        float[] b = Tensors.toArray(layer.forward(new int[][] {{6, 2, 3, 4}}, false));
        assertArrayEquals(Arrays.copyOfRange(a, 9, 15), Arrays.copyOfRange(b, 9, 15), 1e-6f);
        assertTrue(Math.abs(a[6] - b[6]) > 1e-6, "row 2 sees label 0");
        // Rows 0 of both have a context of blanks.
        assertArrayEquals(Arrays.copyOf(a, 3), Arrays.copyOfRange(a, 15, 18), 1e-6f);
    }

    @Test
    void labelByLabelItGivesTheRowsOfTheWhole() {
        Predictor layer = predictor();
        int[] labels = {4, 1, 4, 1, 6};
        float[] rows = Tensors.toArray(layer.forward(new int[][] {labels}, false));
        List<Predictor.History> histories = new ArrayList<>(List.of(layer.start()));
        for (int label : labels) {
            histories.add(layer.step(histories.getLast(), label));
        }
        assertArrayEquals(rows, Tensors.toArray(layer.outputs(histories)), 1e-6f);
        // What it can't tell apart is equal, so that searches compute it once.
        assertEquals(histories.get(2), histories.get(4));
        assertNotEquals(histories.get(1), histories.get(3));
    }
}
