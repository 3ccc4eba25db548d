package org.transducer4j.asr.encoder;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.layer.CausalSubsampling;
import org.transducer4j.torch.layer.LayerNorm;
import org.transducer4j.torch.layer.Linear;
import org.transducer4j.torch.layer.LstmLayer;

/**
 * A streaming encoder: convolutional subsampling by 4, unidirectional LSTM layers with residual connections and layer normalisation in front, and a projection to
 * the joint width. A stage each.
 *
 * <p>Frame k depends on feature frames up to 4k+3 and nothing later, so running it in chunks with the state handed on gives what running it over the whole
 * gives.
 */
final class LstmEncoder implements Encoder {
    private final List<Stage> stages;

    LstmEncoder(ParameterSet parameters, String prefix, int bins, LstmConfiguration how, int joint) {
        int width = how.width();
        List<Stage> all = new ArrayList<>();
        all.add(new Subsampling(
                new CausalSubsampling(parameters, prefix + ".subsampling", bins, how.channels(), width)));
        for (int i = 0; i < how.layers(); i++) {
            all.add(new Residual(
                    new LayerNorm(parameters, prefix + ".norm" + i, width),
                    new LstmLayer(parameters, prefix + ".lstm" + i, width, width),
                    how.dropout()));
        }
        all.add(new Projection(
                new LayerNorm(parameters, prefix + ".norm", width),
                new Linear(parameters, prefix + ".projection", width, joint)));
        stages = List.copyOf(all);
    }

    @Override
    public List<Stage> stages() {
        return stages;
    }

    @Override
    public boolean streams() {
        return true;
    }

    /** States are constants to gradients: nobody goes back into the chunk before. */
    private record Carried(List<Tensor> tensors) implements Stage.State {
        static Carried of(Tensor a, Tensor b) {
            return new Carried(List.of(a.detach(), b.detach()));
        }
    }

    private static final class Subsampling extends AutogradStage {
        private final CausalSubsampling layer;

        Subsampling(CausalSubsampling layer) {
            this.layer = layer;
        }

        @Override
        public int stride() {
            return CausalSubsampling.FACTOR;
        }

        @Override
        protected Result compute(Tensor x, int[] lengths, @Nullable State before, boolean training) {
            CausalSubsampling.State state = before == null
                    ? null
                    : new CausalSubsampling.State(
                            before.tensors().get(0), before.tensors().get(1));
            CausalSubsampling.Result result = layer.forward(x, state);
            return new Result(
                    result.output(),
                    Carried.of(result.state().input(), result.state().hidden()));
        }
    }

    private static final class Residual extends AutogradStage {
        private final LayerNorm norm;
        private final LstmLayer layer;
        private final double dropout;

        Residual(LayerNorm norm, LstmLayer layer, double dropout) {
            this.norm = norm;
            this.layer = layer;
            this.dropout = dropout;
        }

        @Override
        protected Result compute(Tensor x, int[] lengths, @Nullable State before, boolean training) {
            LstmLayer.State state = before == null
                    ? null
                    : new LstmLayer.State(
                            before.tensors().get(0), before.tensors().get(1));
            LstmLayer.Result result = layer.forward(norm.forward(x), state);
            Tensor y = training && dropout > 0 ? torch.dropout(result.output(), dropout, true) : result.output();
            return new Result(
                    x.add(y), Carried.of(result.state().hidden(), result.state().cell()));
        }
    }

    private static final class Projection extends AutogradStage {
        private final LayerNorm norm;
        private final Linear projection;

        Projection(LayerNorm norm, Linear projection) {
            this.norm = norm;
            this.projection = projection;
        }

        @Override
        protected Result compute(Tensor x, int[] lengths, @Nullable State before, boolean training) {
            return new Result(projection.forward(norm.forward(x)), State.NONE);
        }
    }
}
