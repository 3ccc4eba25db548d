package org.transducer4j.bench.plan;

/**
 * The size of a joint network.
 *
 * @param vocabulary V, blank included, 2 to {@link #MOST}
 * @param width H, 1 to {@link #MOST}
 */
public record HeadSize(int vocabulary, int width) {
    /** More than anybody has. */
    public static final int MOST = 10_000_000;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public HeadSize {
        if (vocabulary < 2) {
            throw new IllegalArgumentException(
                    "the vocabulary needs blank and a label at least: 2 symbols or more, not " + vocabulary);
        }
        if (width < 1) {
            throw new IllegalArgumentException("the joint width must be 1 or more, not " + width);
        }
        if (vocabulary > MOST || width > MOST) {
            throw new IllegalArgumentException(
                    "vocabulary and joint width end at " + MOST + ", not " + vocabulary + " and " + width);
        }
    }
}
