package org.transducer4j.bench.papers;

import java.util.List;
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
public record PapersTable(String id, String name, @Nullable String x, String note, List<PapersRow> rows) {}
