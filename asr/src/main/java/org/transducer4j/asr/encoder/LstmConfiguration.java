package org.transducer4j.asr.encoder;

import org.transducer4j.torch.ParameterSet;

/**
 * The streaming LSTM encoder, see {@link LstmEncoder}.
 *
 * @param channels of the convolutions that subsample by 4
 * @param layers number of LSTM layers
 * @param width of the layers
 * @param dropout of the layers' outputs in training, in [0, 1)
 */
public record LstmConfiguration(int channels, int layers, int width, double dropout) implements EncoderConfiguration {
    /** Checks each option. */
    public LstmConfiguration {
        require(channels >= 1, "channels must be 1 or more, got ", channels);
        require(layers >= 1, "encoder layers must be 1 or more, got ", layers);
        require(width >= 1, "encoder width must be 1 or more, got ", width);
        require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1), got ", dropout);
    }

    /** 32 channels, 3 layers of 256, dropout 0.1: for a few hours of speech. */
    public LstmConfiguration() {
        this(32, 3, 256, 0.1);
    }

    private static void require(boolean condition, String message, Number found) {
        if (!condition) {
            throw new IllegalArgumentException(message + found);
        }
    }

    @Override
    public String name() {
        return "lstm";
    }

    @Override
    public Encoder build(ParameterSet parameters, String prefix, int bins, int width) {
        return new LstmEncoder(parameters, prefix, bins, this, width);
    }
}
