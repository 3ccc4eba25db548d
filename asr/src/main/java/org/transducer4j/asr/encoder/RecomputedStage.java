package org.transducer4j.asr.encoder;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A stage that is computed once more in the backward pass instead of being remembered (Chen et al. 2016, arXiv 1604.06174): between the passes it holds its
 * input, its output and its state. Dropout falls as it fell the first time, so the gradient has the same bits.
 */
public final class RecomputedStage implements Stage {
    private final Stage stage;

    /**
     * Wraps a stage.
     *
     * @param stage what to compute twice
     */
    public RecomputedStage(Stage stage) {
        this.stage = stage;
    }

    @Override
    public int stride() {
        return stage.stride();
    }

    @Override
    public int outputFrames(int frames) {
        return stage.outputFrames(frames);
    }

    @Override
    public Pass forward(Tensor x, int[] lengths, @Nullable State before, boolean training) {
        if (!training) {
            return stage.forward(x, lengths, before, false);
        }
        Tensor drawn = torch.getDefaultCPUGenerator().get_state();
        PointerScope outer = PointerScope.getInnerScope();
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Pass first = stage.forward(x, lengths, before, true);
            keep(outer, first.output());
            first.state().tensors().forEach(tensor -> keep(outer, tensor));
            return new Twice(stage, x, lengths, before, drawn, first.output(), first.state());
        }
    }

    /** A tensor that outlives the scope it was made in. */
    private static void keep(@Nullable PointerScope outer, Tensor tensor) {
        if (outer == null) {
            tensor.retainReference();
        } else {
            outer.attach(tensor);
        }
    }

    private record Twice(
            Stage stage, Tensor x, int[] lengths, @Nullable State before, Tensor drawn, Tensor output, State state)
            implements Pass {
        @Override
        public @Nullable Tensor backward(Tensor gradient) {
            PointerScope outer = PointerScope.getInnerScope();
            try (PointerScope _ = new PointerScope()) {
                Tensor leaf = x.detach();
                leaf.set_requires_grad(x.requires_grad());
                Pass again = again(leaf);
                Tensor result = again.backward(gradient);
                if (result != null) {
                    keep(outer, result);
                }
                return result;
            }
        }

        private Pass again(Tensor leaf) {
            Generator generator = torch.getDefaultCPUGenerator();
            Tensor now = generator.get_state();
            generator.set_state(drawn);
            try {
                return stage.forward(leaf, lengths, before, true);
            } finally {
                generator.set_state(now);
            }
        }
    }
}
