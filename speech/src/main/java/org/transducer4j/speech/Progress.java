package org.transducer4j.speech;

/** Told how far a long piece of work is. */
@FunctionalInterface
public interface Progress {
    /**
     * @param done pieces done
     * @param total of so many
     */
    void at(int done, int total);
}
