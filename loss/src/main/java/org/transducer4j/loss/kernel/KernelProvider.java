package org.transducer4j.loss.kernel;

import java.util.Optional;

/** A set of kernels, found by {@link java.util.ServiceLoader}. Loading one must not fail where it can't run. */
public interface KernelProvider {
    /**
     * What users call it.
     *
     * @return one lower-case word
     */
    String name();

    /**
     * Which one is taken when nobody says: the highest that can run.
     *
     * @return its rank
     */
    int preference();

    /**
     * Whether it can run here.
     *
     * @return empty if it can, else why not and what to do, in a sentence
     */
    Optional<String> unavailable();

    /**
     * What it will run on, for people.
     *
     * @return a few words, for example the vector width
     */
    String description();

    /**
     * Opens the kernels.
     *
     * @param threads number of threads; results don't depend on it
     * @return the kernels
     */
    Kernels open(int threads);

    /**
     * Readies a linear layer for searches; in plain Java unless a provider has better.
     *
     * @param weight (V, H) row-major; copied
     * @param bias (V); copied
     * @return the scorer
     */
    default SymbolScorer scorer(float[] weight, float[] bias) {
        return SymbolScorer.plain(weight, bias);
    }
}
