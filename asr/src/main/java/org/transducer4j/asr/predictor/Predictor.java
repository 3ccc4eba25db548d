package org.transducer4j.asr.predictor;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a model makes of the labels so far: whole transcripts at once in training, label by label in a search.
 *
 * <p>It keeps nothing between calls but its weights: many threads may use it at once. To add one is to write a {@link PredictorConfiguration}, which builds
 * it, and to register that.
 */
public interface Predictor {
    /**
     * The labels so far, as far as a predictor remembers them. Never changes; opaque to all but its predictor.
     *
     * <p>Two that are equal have the same output, now and after the same labels, so searches keep outputs by history and beams may merge. It is kept for as long as
     * anybody likes: numbers in it are in arrays, since a tensor may be freed with the scope it was made in.
     */
    interface History {}

    /**
     * Outputs for whole transcripts, part of autograd's graph.
     *
     * @param labels B transcripts
     * @param training whether dropout acts
     * @return (B, Umax+1, H): row u after u labels; rows behind a transcript are padding
     */
    Tensor forward(int[][] labels, boolean training);

    /**
     * The history before the first label.
     *
     * @return where a search begins
     */
    History start();

    /**
     * The history after one more label.
     *
     * @param before the labels so far
     * @param label in [0, V), not blank
     * @return the labels then
     */
    History step(History before, int label);

    /**
     * Outputs for given histories, without dropout.
     *
     * @param histories N of them
     * @return (N, H)
     */
    Tensor outputs(List<History> histories);
}
