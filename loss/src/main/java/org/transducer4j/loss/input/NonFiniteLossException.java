package org.transducer4j.loss.input;

/** The loss of an utterance is infinite or not a number. */
public final class NonFiniteLossException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    /** The utterance's name. */
    private final String utterance;

    /**
     * Names the utterance.
     *
     * @param utterance its name
     * @param loss its loss
     */
    public NonFiniteLossException(String utterance, double loss) {
        super("the loss of utterance " + utterance + " is " + loss
                + ": look for NaN or infinite values in the outputs of the networks or in the weights");
        this.utterance = utterance;
    }

    /**
     * The utterance.
     *
     * @return its name
     */
    public String utterance() {
        return utterance;
    }
}
