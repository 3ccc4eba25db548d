package org.transducer4j.torch.layer;

import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.torch.ParameterSet;

/**
 * One unidirectional LSTM layer (Hochreiter and Schmidhuber 1997; gates in libtorch's order i, f, g, o). On the CPU it runs as one oneDNN primitive, several
 * times as fast as the operator-by-operator path that libtorch's GRU takes there.
 */
public final class LstmLayer {
    private final String[] names;
    private final ParameterSet parameters;
    private final int width;

    /**
     * What the next chunk needs from the one before.
     *
     * @param hidden (1, B, width)
     * @param cell (1, B, width)
     */
    public record State(Tensor hidden, Tensor cell) {}

    /**
     * Output of a chunk.
     *
     * @param output (B, T, width)
     * @param state for the next chunk
     */
    public record Result(Tensor output, State state) {}

    /**
     * Creates the parameters.
     *
     * @param parameters where they go
     * @param name prefix of their names
     * @param inputs width of the input
     * @param width of the output
     */
    public LstmLayer(ParameterSet parameters, String name, int inputs, int width) {
        this.parameters = parameters;
        this.width = width;
        names = new String[] {name + ".weight_ih_l0", name + ".weight_hh_l0", name + ".bias_ih_l0", name + ".bias_hh_l0"
        };
        double bound = 1 / Math.sqrt(width);
        parameters.weight(names[0], bound, 4L * width, inputs);
        parameters.weight(names[1], bound, 4L * width, width);
        parameters.constant(names[2], 0, 4L * width);
        parameters.constant(names[3], 0, 4L * width);
    }

    /**
     * Runs over a chunk.
     *
     * @param x (B, T, inputs)
     * @param before the state after the chunk before, or null at the beginning
     * @return (B, T, width) and the state
     */
    public Result forward(Tensor x, @Nullable State before) {
        State state =
                before == null ? new State(torch.zeros(1, x.size(0), width), torch.zeros(1, x.size(0), width)) : before;
        T_TensorTensorTensor_T result = torch.lstm(
                x,
                new TensorVector(state.hidden(), state.cell()),
                parameters.vector(names),
                true,
                1,
                0.0,
                true,
                false,
                true);
        return new Result(result.get0(), new State(result.get1(), result.get2()));
    }
}
