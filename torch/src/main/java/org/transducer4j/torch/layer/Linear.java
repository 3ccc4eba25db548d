package org.transducer4j.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.transducer4j.torch.ParameterSet;

/** y = W x + b on the last dimension. */
public final class Linear {
    private final Tensor weight;
    private final Tensor bias;

    /**
     * Creates the parameters.
     *
     * @param parameters where they go
     * @param name prefix of their names
     * @param inputs width of x
     * @param outputs width of y
     */
    public Linear(ParameterSet parameters, String name, int inputs, int outputs) {
        weight = parameters.weight(name + ".weight", Math.sqrt(3.0 / inputs), outputs, inputs);
        bias = parameters.constant(name + ".bias", 0, outputs);
    }

    /**
     * Applies the layer.
     *
     * @param x (..., inputs)
     * @return (..., outputs)
     */
    public Tensor forward(Tensor x) {
        return torch.linear(x, weight, new TensorOptional(bias));
    }

    /**
     * W.
     *
     * @return (outputs, inputs)
     */
    public Tensor weight() {
        return weight;
    }

    /**
     * b.
     *
     * @return (outputs)
     */
    public Tensor bias() {
        return bias;
    }
}
