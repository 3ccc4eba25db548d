package org.transducer4j.torch.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.torch.Tensors;

/** Random inputs for tests. */
public final class Batches {
    private Batches() {}

    /** A batch with the given frames and label counts; every tensor is a leaf that requires its gradient. */
    static HeadInput random(long seed, int[] frames, int[] counts, int h, int v, Activation activation, int blank) {
        SplittableRandom random = new SplittableRandom(seed);
        int tMax = java.util.Arrays.stream(frames).max().orElseThrow() + 1; // one row of padding even for the longest
        int rows = java.util.Arrays.stream(counts).max().orElseThrow() + 2;
        int[][] labels = new int[counts.length][];
        List<String> names = new ArrayList<>();
        for (int b = 0; b < counts.length; b++) {
            labels[b] = random.ints(counts[b], 0, v - 1)
                    .map(k -> k < blank ? k : k + 1)
                    .toArray();
            names.add("utterance-" + b);
        }
        return new HeadInput(
                leaf(random, 1, frames.length, tMax, h),
                leaf(random, 1, frames.length, rows, h),
                leaf(random, 1, v, h),
                leaf(random, 1, v),
                activation,
                frames,
                labels,
                names);
    }

    public static Tensor leaf(SplittableRandom random, double bound, long... shape) {
        float[] values = new float[(int) Tensors.elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        Tensor tensor = Tensors.of(values, shape);
        tensor.set_requires_grad(true);
        return tensor;
    }
}
