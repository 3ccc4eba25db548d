package org.transducer4j.torch;

/**
 * How AdamW steps.
 *
 * @param beta1 decay of the running mean of the gradients, in [0, 1)
 * @param beta2 decay of the running mean of the squared gradients, in [0, 1)
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay of weights (not of biases and gains), times the learning rate
 * @param clipNorm limit on the global norm of the gradient; 0 for none
 * @param averageDecay decay of the exponential average of the weights, in [0, 1)
 */
public record AdamWSettings(
        double beta1, double beta2, double epsilon, double weightDecay, double clipNorm, double averageDecay) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public AdamWSettings {
        require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1), not ", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1), not ", beta2);
        require(epsilon > 0, "epsilon must be > 0, not ", epsilon);
        require(weightDecay >= 0, "weightDecay must be >= 0, not ", weightDecay);
        require(clipNorm >= 0, "clipNorm must be >= 0, not ", clipNorm);
        require(averageDecay >= 0 && averageDecay < 1, "averageDecay must be in [0, 1), not ", averageDecay);
    }

    /**
     * Betas 0.9 and 0.98, epsilon 1e-8, weight decay 0.01, norm clipped at 5, average over some 500 steps.
     *
     * @return the defaults
     */
    public static AdamWSettings defaults() {
        return new AdamWSettings(0.9, 0.98, 1e-8, 0.01, 5, 0.998);
    }

    private static void require(boolean condition, String message, double value) {
        if (!condition) {
            throw new IllegalArgumentException(message + value);
        }
    }
}
