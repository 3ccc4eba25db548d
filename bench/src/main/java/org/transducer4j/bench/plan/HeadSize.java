package org.transducer4j.bench.plan;

/**
 * The size of a joint network.
 *
 * @param vocabulary V, blank included
 * @param width H
 */
public record HeadSize(int vocabulary, int width) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there are fewer than 2 symbols or no width
     */
    public HeadSize {
        if (vocabulary < 2) {
            throw new IllegalArgumentException(
                    "the vocabulary needs blank and a label at least: 2 symbols or more, not " + vocabulary);
        }
        if (width < 1) {
            throw new IllegalArgumentException("the joint width must be 1 or more, not " + width);
        }
    }
}
