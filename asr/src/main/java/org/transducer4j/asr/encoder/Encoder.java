package org.transducer4j.asr.encoder;

import java.util.List;

/**
 * An encoder: stages, one behind the other, from features (B, T, bins) to what the joint network sees, (B, T', H). {@link Encoded} leads a batch through it.
 *
 * <p>To add one is to write an {@link EncoderConfiguration}, which builds it, and to register that.
 */
public interface Encoder {
    /**
     * Its parts.
     *
     * @return one stage or more, from the features to the joint width
     */
    List<Stage> stages();

    /**
     * The length of an utterance behind the encoder.
     *
     * @param frames feature frames
     * @return frames that come out, by all stages
     */
    default int outputFrames(int frames) {
        int left = frames;
        for (Stage stage : stages()) {
            left = stage.outputFrames(left);
        }
        return left;
    }

    /**
     * The feature frames that go in for each frame that comes out. Batches are padded to a multiple of it, and chunks are multiples of it.
     *
     * @return the product of the stages' strides
     */
    default int framesPerOutput() {
        return stages().stream().mapToInt(Stage::stride).reduce(1, Math::multiplyExact);
    }

    /**
     * Whether sound can come in pieces: chunks with the state handed on give what the whole gives.
     *
     * @return false by default: an encoder that looks ahead, or forgets to carry what it needs, would answer wrongly
     */
    default boolean streams() {
        return false;
    }
}
