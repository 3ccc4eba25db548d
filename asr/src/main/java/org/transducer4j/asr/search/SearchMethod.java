package org.transducer4j.asr.search;

/**
 * A way to find what was said from what the encoder gives: the door for greedy search, beams and others. To add one is to write its
 * class and to register it ({@link java.util.ServiceLoader}); {@code t4j decode --search NAME} then chooses it.
 *
 * <p>Implementations have a public constructor without arguments and keep nothing between searches: many run at once.
 */
public interface SearchMethod {
    /**
     * What users call it.
     *
     * @return a lower-case word, such as {@code greedy}
     */
    String name();

    /**
     * Begins a search of one utterance.
     *
     * @param model a view of the model for this search alone
     * @return a search that has seen no frame
     * @throws IllegalArgumentException if this method can't search such a model
     */
    Search begin(DecodingModel model);
}
