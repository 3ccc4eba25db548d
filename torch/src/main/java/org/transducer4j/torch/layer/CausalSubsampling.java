package org.transducer4j.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.torch.ParameterSet;

/**
 * Subsampling by 4 in time: two 3x3 convolutions, each of stride 2 in time and frequency, then a linear layer.
 *
 * <p>Output frame k sees input frames 4k-3 to 4k+3 and nothing later: no look-ahead beyond its own four frames. Before the
 * beginning are zeros. A chunk of input may be any multiple of 4 frames.
 */
public final class CausalSubsampling {
    /** The factor in time. */
    public static final int FACTOR = 4;

    private final Tensor weight1;
    private final Tensor bias1;
    private final Tensor weight2;
    private final Tensor bias2;
    private final Linear output;
    private final int bins;
    private final int channels;

    /**
     * What the next chunk needs from the one before.
     *
     * @param input (B, 1, 1, bins) the last input frame
     * @param hidden (B, channels, 1, ceil(bins/2)) the last frame of the first convolution
     */
    public record State(Tensor input, Tensor hidden) {}

    /**
     * Output of a chunk.
     *
     * @param output (B, T/4, width)
     * @param state for the next chunk
     */
    public record Result(Tensor output, State state) {}

    /**
     * Creates the parameters.
     *
     * @param parameters where they go
     * @param name prefix of their names
     * @param bins number of feature bins
     * @param channels of both convolutions
     * @param width of the output
     */
    public CausalSubsampling(ParameterSet parameters, String name, int bins, int channels, int width) {
        this.bins = bins;
        this.channels = channels;
        weight1 = parameters.weight(name + ".conv1.weight", Math.sqrt(6.0 / 9), channels, 1, 3, 3);
        bias1 = parameters.constant(name + ".conv1.bias", 0, channels);
        weight2 = parameters.weight(name + ".conv2.weight", Math.sqrt(6.0 / (9 * channels)), channels, channels, 3, 3);
        bias2 = parameters.constant(name + ".conv2.bias", 0, channels);
        output = new Linear(parameters, name + ".linear", channels * half(half(bins)), width);
    }

    private static int half(int size) {
        return (size + 1) / 2;
    }

    /**
     * Subsamples features.
     *
     * @param features (B, T, bins), T a multiple of 4
     * @param before the state after the chunk before, or null at the beginning
     * @return (B, T/4, width) and the state
     */
    public Result forward(Tensor features, @Nullable State before) {
        long b = features.size(0);
        long t = features.size(1);
        if (t % FACTOR != 0 || features.size(2) != bins) {
            throw new IllegalArgumentException("features must be (B, a multiple of " + FACTOR + ", " + bins
                    + "), they are (" + b + ", " + t + ", " + features.size(2) + ")");
        }
        State state = before == null
                ? new State(torch.zeros(b, 1, 1, bins), torch.zeros(b, channels, 1, half(bins)))
                : before;
        Tensor x = torch.cat(new TensorVector(state.input(), features.view(b, 1, t, bins)), 2);
        Tensor y = convolve(x, weight1, bias1);
        Tensor z = convolve(torch.cat(new TensorVector(state.hidden(), y), 2), weight2, bias2);
        Tensor rows = z.transpose(1, 2).contiguous().view(b, t / FACTOR, channels * (long) half(half(bins)));
        State after = new State(
                x.narrow(2, x.size(2) - 1, 1).contiguous(),
                y.narrow(2, y.size(2) - 1, 1).contiguous());
        return new Result(output.forward(rows), after);
    }

    private static Tensor convolve(Tensor input, Tensor weight, Tensor bias) {
        return torch.relu(torch.conv2d(
                input, weight, new TensorOptional(bias), new long[] {2, 2}, new long[] {0, 1}, new long[] {1, 1}, 1));
    }

    /**
     * The number of output frames.
     *
     * @param frames number of feature frames, 1 or more
     * @return frames / 4, rounded up: the last chunk is filled with zeros
     */
    public static int frames(int frames) {
        return (frames + FACTOR - 1) / FACTOR;
    }
}
