package org.transducer4j.asr.criterion;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.torch.loss.HeadInput;

/** A batch behind the encoder, on its way into a criterion. What several criteria of a sum need is computed once. */
public final class CriterionInput {
    private final TransducerModel model;
    private final LabelledBatch batch;
    private final Tensor encoded;
    private final long step;
    private final boolean training;
    private @Nullable HeadInput head;

    private CriterionInput(TransducerModel model, LabelledBatch batch, Tensor encoded, long step, boolean training) {
        this.model = model;
        this.batch = batch;
        this.encoded = encoded;
        this.step = step;
        this.training = training;
    }

    /**
     * A batch to train on.
     *
     * @param model that encoded it
     * @param batch the utterances
     * @param encoded (B, T, H) from the encoder
     * @param step batches done before
     * @return the input
     */
    public static CriterionInput training(TransducerModel model, LabelledBatch batch, Tensor encoded, long step) {
        return new CriterionInput(model, batch, encoded, step, true);
    }

    /**
     * A batch to validate on.
     *
     * @param model that encoded it
     * @param batch the utterances
     * @param encoded (B, T, H) from the encoder
     * @return the input
     */
    public static CriterionInput validation(TransducerModel model, LabelledBatch batch, Tensor encoded) {
        return new CriterionInput(model, batch, encoded, 0, false);
    }

    /**
     * The utterances.
     *
     * @return the batch, labels and names of its utterances in it
     */
    public LabelledBatch batch() {
        return batch;
    }

    /**
     * The encoder's output.
     *
     * @return (B, T, H)
     */
    public Tensor encoded() {
        return encoded;
    }

    /**
     * Frames of each utterance that aren't padding.
     *
     * @return B numbers
     */
    public int[] frames() {
        return batch.padded().frames();
    }

    /**
     * How far the training is.
     *
     * @return batches done before this one
     */
    public long step() {
        return step;
    }

    /**
     * The joint network's inputs and weights. The predictor runs when it is first asked for, with dropout in training.
     *
     * @return over full lattices
     */
    public HeadInput head() {
        HeadInput known = head;
        if (known == null) {
            known = model.headInput(encoded, frames(), batch.labels(), batch.names(), training);
            head = known;
        }
        return known;
    }

    /**
     * A branch over the encoder's output.
     *
     * @param name one of {@link Criterion#branches}
     * @return (B, T, V), contiguous
     */
    public Tensor branch(String name) {
        return branch(name, encoded);
    }

    /**
     * A branch over another output.
     *
     * @param name one of {@link Criterion#branches}
     * @param of (B, N, H)
     * @return (B, N, V), contiguous
     */
    public Tensor branch(String name, Tensor of) {
        return model.branch(name).forward(of).contiguous();
    }
}
