package org.transducer4j.bench.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of which only the lengths are known.
 *
 * @param size of the joint network
 * @param utterances their lengths, at least one
 * @param origin lines that say where they are from; none where they were given
 */
public record PlannedBatch(HeadSize size, List<Lengths> utterances, List<String> origin) {
    /** Checks that there are utterances. */
    public PlannedBatch {
        utterances = List.copyOf(utterances);
        origin = List.copyOf(origin);
        if (utterances.isEmpty()) {
            throw new IllegalArgumentException("a batch needs 1 utterance or more, not 0");
        }
    }

    /**
     * Utterances of the same length.
     *
     * @param count B, 1 or more
     * @param lengths of each
     * @param size of the joint network
     * @return the batch
     */
    public static PlannedBatch even(int count, Lengths lengths, HeadSize size) {
        return new PlannedBatch(size, Collections.nCopies(count, lengths), List.of());
    }

    /**
     * Utterances of 60 to 100 % of a length, as measurements draw them.
     *
     * @param count B
     * @param longest T and U of the longest
     * @param size of the joint network
     * @return the batch
     */
    public static PlannedBatch varied(int count, Lengths longest, HeadSize size) {
        return new PlannedBatch(
                size, new HeadShape(count, longest.frames(), longest.labels(), size).draw(1), List.of());
    }

    /**
     * The batch of a manifest with the most padded nodes.
     *
     * @param manifest its utterances
     * @param vocabulary V, or null for as many as there are tokens
     * @param width H
     * @return the batch
     * @throws IllegalArgumentException if there are more tokens than V
     */
    public static PlannedBatch worstOf(ManifestLengths manifest, @Nullable Integer vocabulary, int width) {
        if (vocabulary != null && vocabulary < manifest.vocabulary()) {
            throw new IllegalArgumentException("the vocabulary must have " + manifest.vocabulary()
                    + " symbols or more, as there are so many tokens, not " + vocabulary);
        }
        List<String> lines = new ArrayList<>(manifest.lines());
        lines.add("");
        lines.add("the worst batch:");
        return new PlannedBatch(
                new HeadSize(vocabulary == null ? manifest.vocabulary() : vocabulary, width),
                BatchPlan.worst(manifest.batches(), 1).getFirst(),
                lines);
    }

    /**
     * The sizes of the padded batch.
     *
     * @return T of the longest and U of the one with most
     */
    public Lengths longest() {
        return BatchPlan.longest(utterances);
    }
}
