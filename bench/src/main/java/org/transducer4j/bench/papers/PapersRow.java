package org.transducer4j.bench.papers;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.head.HeadMeasurement;

/**
 * A cell of a table with its figures.
 *
 * @param method its word, or the name of a published implementation
 * @param x where on the table's x axis; null where it has none
 * @param mark how it came by its figures
 * @param seconds of a batch: joint network, loss and gradients; null where nothing ran
 * @param scratchBytes the most scratch memory of the loss; null where it isn't known
 * @param totalBytes scratch memory, inputs as a network makes them (padded), output layer and all gradients, of the largest batch
 * @param peakRssBytes the most memory of the process; null where the whole cell didn't run in it
 * @param executedGflops 10^9 operations of the products a second
 * @param peakGflops of the bare product in cache, the median of measurements between the repetitions
 * @param exact whether it is the loss over all paths
 * @param batches how many
 * @param utterances of all batches
 * @param measuredUtterances on which the time was measured
 * @param nodes of all batches that are computed, padding included
 * @param operations of all batches, floating-point
 * @param note what a reader should know; empty where there is nothing to say
 */
public record PapersRow(
        String method,
        @Nullable Double x,
        Mark mark,
        HeadMeasurement.@Nullable Seconds seconds,
        @Nullable Long scratchBytes,
        @Nullable Long totalBytes,
        @Nullable Long peakRssBytes,
        @Nullable Double executedGflops,
        @Nullable Double peakGflops,
        boolean exact,
        int batches,
        int utterances,
        int measuredUtterances,
        long nodes,
        double operations,
        String note) {
    /** Checks that nothing is missing, as may be in a file. */
    public PapersRow {
        Stream.of(method, mark, note).forEach(Objects::requireNonNull);
    }

    /** Whether this is the row of a method at a place of its table. */
    boolean isOf(String word, @Nullable Double place) {
        return method.equals(word) && Objects.equals(x, place);
    }
}
