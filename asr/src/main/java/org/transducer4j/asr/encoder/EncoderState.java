package org.transducer4j.asr.encoder;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What an encoder carries from one chunk to the next.
 *
 * @param stages the state of each stage
 */
public record EncoderState(List<Stage.State> stages) {
    /** Copies the list. */
    public EncoderState {
        stages = List.copyOf(stages);
    }

    /**
     * The tensors in it, so that others can keep them alive.
     *
     * @return those of all stages
     */
    public List<Tensor> tensors() {
        return stages.stream().flatMap(state -> state.tensors().stream()).toList();
    }
}
