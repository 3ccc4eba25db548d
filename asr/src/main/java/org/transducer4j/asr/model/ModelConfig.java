package org.transducer4j.asr.model;

import org.transducer4j.loss.Activation;
import org.transducer4j.speech.FbankOptions;
import org.transducer4j.torch.CausalSubsampling;

/**
 * All that must be known to build a model, but for its weights and tokens.
 *
 * @param fbank the features
 * @param size of the model
 * @param vocabulary V, blank included
 * @param blank index of the blank symbol
 * @param activation of the joint network
 */
public record ModelConfig(FbankOptions fbank, ModelOptions size, int vocabulary, int blank, Activation activation) {
    /** Checks each option. */
    public ModelConfig {
        if (vocabulary < 2 || blank < 0 || blank >= vocabulary) {
            throw new IllegalArgumentException(
                    "want 2 symbols or more and a blank among them, got " + vocabulary + " and blank " + blank);
        }
    }

    /**
     * @return seconds between two frames of the encoder's output
     */
    public double frameSeconds() {
        return fbank.frameShiftMs() * CausalSubsampling.FACTOR / 1000;
    }
}
