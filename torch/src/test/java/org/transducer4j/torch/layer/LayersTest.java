package org.transducer4j.torch.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.transducer4j.torch.AdamWOptimizer;
import org.transducer4j.torch.AdamWSettings;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.loss.Batches;

class LayersTest {
    @Test
    void subsamplingInChunksEqualsTheWhole() {
        ParameterSet parameters = new ParameterSet(1);
        CausalSubsampling layer = new CausalSubsampling(parameters, "s", 10, 4, 6);
        parameters.seal();
        Tensor x = Batches.leaf(new SplittableRandom(2), 1, 2, 24, 10).detach();
        Tensor whole = layer.forward(x, null).output();
        assertArrayEquals(new long[] {2, 6, 6}, Tensors.shape(whole));
        CausalSubsampling.State state = null;
        TensorVector chunks = new TensorVector();
        for (int[] chunk : new int[][] {{0, 4}, {4, 12}, {16, 8}}) {
            CausalSubsampling.Result result =
                    layer.forward(x.narrow(1, chunk[0], chunk[1]).contiguous(), state);
            state = result.state();
            chunks.push_back(result.output());
        }
        assertArrayEquals(Tensors.toArray(whole), Tensors.toArray(torch.cat(chunks, 1)), 1e-6f);
    }

    @Test
    void subsamplingLooksNoFurtherThanItsOwnFourFrames() {
        ParameterSet parameters = new ParameterSet(1);
        CausalSubsampling layer = new CausalSubsampling(parameters, "s", 10, 4, 6);
        parameters.seal();
        float[] values = Tensors.toArray(
                Batches.leaf(new SplittableRandom(2), 1, 1, 16, 10).detach());
        float[] before = Tensors.toArray(
                layer.forward(Tensors.of(values, 1, 16, 10), null).output());
        java.util.Arrays.fill(values, 80, 160, 5f); // from frame 8 on
        float[] after = Tensors.toArray(
                layer.forward(Tensors.of(values, 1, 16, 10), null).output());
        assertArrayEquals(java.util.Arrays.copyOf(before, 12), java.util.Arrays.copyOf(after, 12), 1e-6f);
        assertTrue(Math.abs(before[13] - after[13]) > 1e-4);
        assertThrows(IllegalArgumentException.class, () -> layer.forward(torch.zeros(1, 15, 10), null));
    }

    @Test
    void anEmbeddingOfTheLastLabelsIsAPredictorOfOneLabel() {
        try (ParameterSet parameters = new ParameterSet(1)) {
            Embedding layer = new Embedding(parameters, "e", 4, 2);
            parameters.seal();
            float[] weight = Tensors.toArray(parameters.values());
            Tensor output = layer.forward(Tensors.lastLabels(new int[][] {{3, 1}, {2}}, 0));
            assertArrayEquals(new long[] {2, 3, 2}, Tensors.shape(output));
            float[] expected = new float[12];
            int[] rows = {0, 3, 1, 0, 2, 0};
            for (int i = 0; i < 12; i++) {
                expected[i] = weight[rows[i / 2] * 2 + i % 2];
            }
            assertArrayEquals(expected, Tensors.toArray(output), 0);
        }
    }

    @Test
    void adamWDoesWhatItsFormulasSay() {
        ParameterSet parameters = new ParameterSet(3);
        Tensor bias = parameters.constant("b", 2, 1);
        Tensor weight = parameters.weight("w", 1, 2);
        parameters.seal();
        AdamWSettings options = new AdamWSettings(0.9, 0.98, 1e-8, 0.1, 1, 0.5);
        AdamWOptimizer optimizer = new AdamWOptimizer(parameters, options);
        double[] p = {weight.select(0, 0).item_double(), weight.select(0, 1).item_double(), 2};
        double[] m = new double[3];
        double[] v = new double[3];
        double[] average = p.clone();
        for (int step = 1; step <= 5; step++) {
            parameters.zeroGradients();
            torch.cat(new TensorVector(weight, bias))
                    .square()
                    .sum()
                    .mul(new Scalar(0.5))
                    .backward();
            double norm = Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
            assertEquals(norm, optimizer.step(0.01), 1e-6);
            double decay = Math.min(0.5, (1.0 + step) / (10 + step));
            for (int i = 0; i < 3; i++) {
                double g = norm > 1 ? p[i] / norm : p[i];
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.98 * v[i] + 0.02 * g * g;
                double update =
                        m[i] / (1 - Math.pow(0.9, step)) / (Math.sqrt(v[i] / (1 - Math.pow(0.98, step))) + 1e-8);
                p[i] = p[i] * (i < 2 ? 1 - 0.01 * 0.1 : 1) - 0.01 * update;
                average[i] = decay * average[i] + (1 - decay) * p[i];
            }
        }
        float[] values = Tensors.toArray(parameters.values());
        float[] averages = Tensors.toArray(optimizer.average());
        for (int i = 0; i < 3; i++) {
            assertEquals(p[i], values[i], 1e-5);
            assertEquals(average[i], averages[i], 1e-5);
        }
        optimizer.swapAverage();
        assertArrayEquals(averages, Tensors.toArray(parameters.values()));
        assertEquals(averages[2], bias.item_float());
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothing() {
        ParameterSet parameters = new ParameterSet(3);
        parameters.weight("w", 1, 2);
        parameters.seal();
        AdamWOptimizer optimizer = new AdamWOptimizer(parameters, AdamWSettings.defaults());
        float[] before = Tensors.toArray(parameters.values());
        parameters.gradients().fill_(new Scalar(Double.NaN));
        assertTrue(Double.isNaN(optimizer.step(1)));
        assertArrayEquals(before, Tensors.toArray(parameters.values()));
        assertEquals(0, optimizer.steps());
    }

    @Test
    void tensorsAndMemoryAreOne() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(24, 4);
            Tensor tensor = Tensors.over(memory, 2, 3);
            tensor.fill_(new Scalar(3));
            assertEquals(3f, memory.get(ValueLayout.JAVA_FLOAT, 20));
            Tensors.matrix("t", tensor).data().setAtIndex(ValueLayout.JAVA_FLOAT, 4, 7f);
            assertEquals(7f, tensor.select(0, 1).select(0, 1).item_float());
            assertThrows(IllegalArgumentException.class, () -> Tensors.over(memory, 7));
        }
        assertThrows(IllegalArgumentException.class, () -> Tensors.over(MemorySegment.ofArray(new float[3]), 3));
    }
}
