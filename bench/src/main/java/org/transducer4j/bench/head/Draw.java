package org.transducer4j.bench.head;

/**
 * How lengths, inputs and weights are drawn: encoder and predictor outputs ~ N(0, 1), W ~ N(0, s^2 / H).
 *
 * @param seed of all that is random
 * @param weightScale s: near 0 they are nearly uniform, as an untrained model's
 */
public record Draw(long seed, double weightScale) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the scale isn't a number from 0 to 1000
     */
    public Draw {
        if (!(weightScale >= 0 && weightScale <= 1000)) {
            throw new IllegalArgumentException("weight scale must be 0 to 1000, not " + weightScale);
        }
    }

    /**
     * With W ~ N(0, 1/H).
     *
     * @param seed of all that is random
     */
    public Draw(long seed) {
        this(seed, 1);
    }
}
