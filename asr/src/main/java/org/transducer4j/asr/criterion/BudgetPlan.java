package org.transducer4j.asr.criterion;

import java.util.List;
import java.util.Optional;

/**
 * What a loss will need of the memory budget, from shapes alone. More frames, labels or nodes of an utterance never need less
 * memory.
 */
public interface BudgetPlan {
    /**
     * Nodes that exist in the lattice of an utterance.
     *
     * @param utterance its shape
     * @return the number, T x (U+1) unless a band says otherwise
     */
    default long nodes(UtteranceShape utterance) {
        return utterance.nodes();
    }

    /**
     * Whether a whole batch, or part of one, is held at once, so that it matters which utterances come together. Otherwise a batch needs
     * what that utterance of it needs which needs most.
     *
     * @return false unless it says otherwise
     */
    default boolean dependsOnBatches() {
        return false;
    }

    /**
     * Rows that are held at once: what decides between batches where {@link #dependsOnBatches}.
     *
     * @param batch shapes of the utterances
     * @return the number
     */
    default long rowsInFlight(List<UtteranceShape> batch) {
        return batch.stream().mapToLong(this::nodes).max().orElse(0);
    }

    /**
     * Why the memory budget refuses a batch.
     *
     * @param batch shapes of the utterances, at least one
     * @return a sentence, or none where the batch fits
     */
    Optional<String> refusal(List<UtteranceShape> batch);
}
