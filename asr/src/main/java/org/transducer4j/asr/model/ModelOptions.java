package org.transducer4j.asr.model;

import org.transducer4j.loss.lattice.Topology;

/**
 * The size of a model.
 *
 * @param channels of the convolutions that subsample by 4
 * @param encoderLayers number of LSTM layers
 * @param encoderWidth of the encoder
 * @param predictorWidth of the predictor's embedding and convolution
 * @param jointWidth H, where encoder and predictor meet
 * @param dropout of the encoder layers' outputs in training, in [0, 1)
 * @param contextDropout how often, in training, the predictor's context is hidden, in [0, 1)
 * @param topology of the lattice: where a label takes a frame, a frame emits one at most
 */
public record ModelOptions(
        int channels,
        int encoderLayers,
        int encoderWidth,
        int predictorWidth,
        int jointWidth,
        double dropout,
        double contextDropout,
        Topology topology) {
    /** Checks each option. */
    public ModelOptions {
        require(channels >= 1, "channels must be 1 or more, got ", channels);
        require(encoderLayers >= 1, "encoder layers must be 1 or more, got ", encoderLayers);
        require(encoderWidth >= 1, "encoder width must be 1 or more, got ", encoderWidth);
        require(predictorWidth >= 1, "predictor width must be 1 or more, got ", predictorWidth);
        require(jointWidth >= 1, "joint width must be 1 or more, got ", jointWidth);
        require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1), got ", dropout);
        require(contextDropout >= 0 && contextDropout < 1, "context dropout must be in [0, 1), got ", contextDropout);
    }

    /**
     * @return 32 channels, 3 LSTM layers of 256, joint width 256: 2 million parameters, for a few hours of speech
     */
    public static ModelOptions defaults() {
        return new ModelOptions(32, 3, 256, 128, 256, 0.1, 0.25, Topology.MODIFIED);
    }

    /**
     * @param topology of the lattice
     * @return the same options with this
     */
    public ModelOptions withTopology(Topology topology) {
        return new ModelOptions(
                channels, encoderLayers, encoderWidth, predictorWidth, jointWidth, dropout, contextDropout, topology);
    }

    private static void require(boolean condition, String message, double found) {
        if (!condition) {
            throw new IllegalArgumentException(message + found);
        }
    }
}
