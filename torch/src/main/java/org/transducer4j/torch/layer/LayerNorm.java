package org.transducer4j.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.transducer4j.torch.ParameterSet;

/** Layer normalisation (Ba et al. 2016) of the last dimension, with gain and bias. */
public final class LayerNorm {
    private final Tensor gain;
    private final Tensor bias;
    private final int width;

    /**
     * Creates the parameters.
     *
     * @param parameters where they go
     * @param name prefix of their names
     * @param width of the last dimension
     */
    public LayerNorm(ParameterSet parameters, String name, int width) {
        this.width = width;
        gain = parameters.constant(name + ".weight", 1, width);
        bias = parameters.constant(name + ".bias", 0, width);
    }

    /**
     * Normalises.
     *
     * @param x (..., width)
     * @return of the same shape
     */
    public Tensor forward(Tensor x) {
        return torch.layer_norm(x, new long[] {width}, new TensorOptional(gain), new TensorOptional(bias), 1e-5, false);
    }
}
