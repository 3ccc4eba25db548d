package org.transducer4j.loss.input;

/**
 * The joiner z(t,u) = am_t + lm_u (Kuang et al. 2022, arXiv 2206.13236, section 3.1), smoothed by what each part says
 * alone. The log-probability of a symbol is
 *
 * <pre>
 * (1 - lmOnlyScale - amOnlyScale) log softmax(am_t + lm_u)
 *                 + lmOnlyScale log softmax(lm_u)
 *                 + amOnlyScale log softmax(am_t + log p),    p = mean over u of softmax(lm_u)
 * </pre>
 *
 * <p>The mean is over the utterance's own U+1 positions, so that a loss doesn't depend on the batch around it; k2 and
 * fast_rnnt take it over the whole batch, padding included. With smoothing the sum over the symbols isn't 1.
 *
 * @param lmOnlyScale weight of lm alone, 0 to 1 (0.25 in icefall's recipes)
 * @param amOnlyScale weight of am alone, 0 to 1 (0 in icefall's recipes); at most 1 together
 */
public record SimpleJoiner(double lmOnlyScale, double amOnlyScale) {
    /** Without smoothing. */
    public static final SimpleJoiner PLAIN = new SimpleJoiner(0, 0);

    /** As icefall's recipes have it. */
    public static final SimpleJoiner SMOOTHED = new SimpleJoiner(0.25, 0);

    /**
     * Checks the scales.
     *
     * @throws IllegalArgumentException if one is negative or they are more than 1 together
     */
    public SimpleJoiner {
        if (!(lmOnlyScale >= 0 && amOnlyScale >= 0 && lmOnlyScale + amOnlyScale <= 1)) {
            throw new IllegalArgumentException("the scales of lm and am alone must be >= 0 and at most 1 together, not "
                    + lmOnlyScale + " and " + amOnlyScale);
        }
    }

    /**
     * What is left for both together.
     *
     * @return 1 - lmOnlyScale - amOnlyScale
     */
    public double combinedScale() {
        return 1 - lmOnlyScale - amOnlyScale;
    }
}
