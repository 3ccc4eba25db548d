package org.transducer4j.asr.predictor;

import org.transducer4j.torch.ParameterSet;

/**
 * The stateless predictor, see {@link StatelessPredictor}.
 *
 * @param width of embedding and convolution
 * @param contextDropout how often, in training, a row's context is hidden, in [0, 1). It keeps the encoder from leaving to the predictor what can be heard, such
 *     as that a word was said twice
 */
public record StatelessConfiguration(int width, double contextDropout) implements PredictorConfiguration {
    /** Checks each option. */
    public StatelessConfiguration {
        if (width < 1) {
            throw new IllegalArgumentException("predictor width must be 1 or more, got " + width);
        }
        if (!(contextDropout >= 0 && contextDropout < 1)) {
            throw new IllegalArgumentException("context dropout must be in [0, 1), got " + contextDropout);
        }
    }

    /** Width 128, the context hidden at a quarter of the rows. */
    public StatelessConfiguration() {
        this(128, 0.25);
    }

    @Override
    public String name() {
        return "stateless";
    }

    @Override
    public Predictor build(ParameterSet parameters, String prefix, int vocabulary, int blank, int width) {
        return new StatelessPredictor(parameters, prefix, vocabulary, blank, this, width);
    }
}
