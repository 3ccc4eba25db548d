package org.transducer4j.asr.encoder;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A part of an encoder with a border on either side: autograd doesn't reach from one stage into another.
 *
 * <p>What comes in is a leaf, what goes out is cut off by the caller, and the gradient is handed back from stage to stage. So a stage
 * computes as it likes: by libtorch's operators and autograd ({@link AutogradStage}), once more in the backward pass ({@link RecomputedStage}), or by
 * kernels of its own that add to their weights' gradients themselves.
 *
 * <p>A stage keeps nothing between calls but its weights: many threads may run it at once. What a backward pass needs is in its {@link Pass}.
 */
public interface Stage {
    /**
     * What a stage carries from one chunk to the next. Never changes; opaque to all but its stage, and constant to gradients.
     */
    interface State {
        /** Of a stage that carries nothing. */
        State NONE = List::of;

        /**
         * The tensors in it, so that others can keep them alive.
         *
         * @return all of them
         */
        List<Tensor> tensors();
    }

    /** One way through a stage. */
    interface Pass {
        /**
         * What came out.
         *
         * @return (B, T', W'), T' the stage's {@link Stage#outputFrames} of T
         */
        Tensor output();

        /**
         * What the next chunk needs.
         *
         * @return the state
         */
        State state();

        /**
         * The way back: adds to the gradients of the stage's weights. Called once at most, and only where the way there was in training.
         *
         * @param gradient (B, T', W') of the loss with respect to the output
         * @return (B, T, W) of the loss with respect to x; null where x doesn't require one
         */
        @Nullable
        Tensor backward(Tensor gradient);
    }

    /**
     * The frames that go in for each that comes out.
     *
     * @return 1 where the stage keeps the pace
     */
    default int stride() {
        return 1;
    }

    /**
     * The frames that come out.
     *
     * @param frames that go in, 0 or more
     * @return by default frames / stride, rounded up
     */
    default int outputFrames(int frames) {
        return Math.ceilDiv(frames, stride());
    }

    /**
     * Goes through a chunk, or through a whole utterance.
     *
     * @param x (B, T, W), a leaf; whether it requires a gradient says whether {@link Pass#backward} is to give one
     * @param lengths B numbers of frames that count; what is behind them is padding
     * @param before the state after the chunk before, or null at the beginning
     * @param training whether dropout acts, and a backward pass follows
     * @return output, state and the way back
     */
    Pass forward(Tensor x, int[] lengths, @Nullable State before, boolean training);
}
