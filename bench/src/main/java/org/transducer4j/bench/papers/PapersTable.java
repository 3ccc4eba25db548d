package org.transducer4j.bench.papers;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table.
 *
 * @param id short, its letter first
 * @param name what it compares
 * @param x what its rows run over; null where they are methods only
 * @param note where its figures come from; empty where there is nothing to say
 * @param rows in their order
 */
public record PapersTable(String id, String name, @Nullable String x, String note, List<PapersRow> rows) {
    /** Checks that nothing is missing, as may be in a file. */
    public PapersTable {
        Stream.of(id, name, note, rows).forEach(Objects::requireNonNull);
    }
}
