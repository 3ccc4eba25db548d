package org.transducer4j.bench.papers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.method.MemoryBudget;

/** Tables for people. */
public final class PapersText {
    private PapersText() {}

    /**
     * A table in aligned columns.
     *
     * @param table with its rows
     * @return lines
     */
    public static List<String> lines(PapersTable table) {
        String x = table.x();
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("method"));
        if (x != null) {
            head.add(x.replaceAll(" \\(.*", ""));
        }
        head.addAll(List.of("median", "min", "max", "scratch", "in all", "process", "GFLOP/s", "peak", ""));
        cells.add(head);
        for (PapersRow row : table.rows()) {
            List<String> line = new ArrayList<>(List.of(row.method() + (row.exact() ? "" : " ~")));
            if (x != null) {
                line.add(row.x() == null ? "" : "%.0f".formatted(row.x()));
            }
            var seconds = row.seconds();
            line.add(seconds == null ? "-" : time(seconds.median()));
            line.add(seconds == null ? "-" : time(seconds.min()));
            line.add(seconds == null ? "-" : time(seconds.max()));
            line.add(bytes(row.scratchBytes()));
            line.add(bytes(row.totalBytes()));
            line.add(bytes(row.peakRssBytes()));
            line.add(speed(row.executedGflops()));
            line.add(speed(row.peakGflops()));
            line.add(
                    switch (row.mark()) {
                        case MEASURED, EXTRAPOLATED, PUBLISHED -> row.note();
                        case DOES_NOT_FIT, FAILED -> row.mark() + ": " + row.note();
                    });
            cells.add(line);
        }
        List<String> lines = new ArrayList<>(List.of(table.name()));
        if (!table.note().isEmpty()) {
            lines.add(table.note());
        }
        lines.addAll(aligned(cells));
        if (table.rows().stream().anyMatch(row -> !row.exact())) {
            lines.add("~ another loss than the one over all paths");
        }
        return lines;
    }

    /** First and last column to the left, the others to the right. */
    private static List<String> aligned(List<List<String>> cells) {
        int columns = cells.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> line : cells) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> line : cells) {
            StringBuilder text = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String space = " ".repeat(widths[c] - line.get(c).length());
                boolean left = c == 0 || c == columns - 1;
                text.append(c == 0 ? "" : "  ").append(left ? line.get(c) + space : space + line.get(c));
            }
            lines.add(text.toString().stripTrailing());
        }
        return lines;
    }

    private static String bytes(@Nullable Long bytes) {
        return bytes == null ? "-" : MemoryBudget.format(bytes);
    }

    private static String speed(@Nullable Double gflops) {
        return gflops == null ? "-" : String.format(Locale.ROOT, "%.0f", gflops);
    }

    private static String time(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
        }
        return seconds < 120
                ? String.format(Locale.ROOT, "%.2f s", seconds)
                : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }
}
