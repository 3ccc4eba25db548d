package org.transducer4j.torch.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.transducer4j.torch.ParameterSet;

/** A vector for each symbol. */
public final class Embedding {
    private final Tensor weight;

    /**
     * Creates the parameters.
     *
     * @param parameters where they go
     * @param name prefix of their names
     * @param symbols number of symbols, V
     * @param width of a vector
     */
    public Embedding(ParameterSet parameters, String name, int symbols, int width) {
        weight = parameters.weight(name + ".weight", 1, symbols, width);
    }

    /**
     * Looks vectors up.
     *
     * @param indices (...) int64, each in 0..V-1; see {@link org.transducer4j.torch.Tensors#lastLabels}
     * @return (..., width)
     */
    public Tensor forward(Tensor indices) {
        return torch.embedding(weight, indices);
    }
}
