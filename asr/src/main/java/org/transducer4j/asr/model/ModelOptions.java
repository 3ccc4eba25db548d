package org.transducer4j.asr.model;

import org.transducer4j.asr.encoder.EncoderConfiguration;
import org.transducer4j.asr.encoder.Encoders;
import org.transducer4j.asr.predictor.PredictorConfiguration;
import org.transducer4j.asr.predictor.Predictors;
import org.transducer4j.loss.lattice.Topology;

/**
 * The parts of a model and where they meet.
 *
 * @param encoder which one, and its options
 * @param predictor which one, and its options
 * @param jointWidth H, where encoder and predictor meet
 * @param topology of the lattice: where a label takes a frame, a frame emits one at most
 */
public record ModelOptions(
        EncoderConfiguration encoder, PredictorConfiguration predictor, int jointWidth, Topology topology) {
    /** Checks the width. */
    public ModelOptions {
        if (jointWidth < 1) {
            throw new IllegalArgumentException("joint width must be 1 or more, got " + jointWidth);
        }
    }

    /**
     * For a few hours of speech.
     *
     * @return the default encoder and predictor, joint width 256: 2 million parameters
     */
    public static ModelOptions defaults() {
        return new ModelOptions(
                Encoders.configurations().defaults(Encoders.DEFAULT),
                Predictors.configurations().defaults(Predictors.DEFAULT),
                256,
                Topology.MODIFIED);
    }

    /**
     * Another lattice.
     *
     * @param topology of the lattice
     * @return the same options with this
     */
    public ModelOptions withTopology(Topology topology) {
        return new ModelOptions(encoder, predictor, jointWidth, topology);
    }
}
