package org.transducer4j.asr.encoder;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.jspecify.annotations.Nullable;

/** A stage of libtorch's operators, whose way back is autograd's. */
public abstract class AutogradStage implements Stage {
    /** For subclasses. */
    protected AutogradStage() {}

    /**
     * What a stage computes.
     *
     * @param output (B, T', W')
     * @param state for the next chunk
     */
    public record Result(Tensor output, State state) {}

    /**
     * Computes the stage.
     *
     * @param x (B, T, W)
     * @param lengths B numbers of frames that count
     * @param before the state after the chunk before, or null at the beginning
     * @param training whether dropout acts
     * @return output and state
     */
    protected abstract Result compute(Tensor x, int[] lengths, @Nullable State before, boolean training);

    @Override
    public final Pass forward(Tensor x, int[] lengths, @Nullable State before, boolean training) {
        return new Graph(x, compute(x, lengths, before, training));
    }

    /** The graph from x, a leaf, to the output. */
    private record Graph(Tensor x, Result result) implements Pass {
        @Override
        public Tensor output() {
            return result.output();
        }

        @Override
        public State state() {
            return result.state();
        }

        @Override
        public @Nullable Tensor backward(Tensor gradient) {
            result.output().backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
            // What grad() gives points into x and ends with it; a tensor of its own doesn't.
            return x.requires_grad() ? new Tensor(x.grad()) : null;
        }
    }
}
