package org.transducer4j.bench.papers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.JsonText;
import org.transducer4j.speech.OutputFolder;
import org.transducer4j.speech.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The folder of the results: all of them as JSON, and as CSV. Each file appears whole or not at all. */
final class PapersFolder {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<String> COLUMNS = List.of(
            "table",
            "name",
            "x_name",
            "x",
            "method",
            "mark",
            "seconds_median",
            "seconds_min",
            "seconds_max",
            "scratch_bytes",
            "total_bytes",
            "process_bytes",
            "gflops",
            "peak_gflops",
            "exact",
            "batches",
            "utterances",
            "measured_utterances",
            "nodes",
            "operations",
            "note");

    private final Path json;
    private final Path csv;

    PapersFolder(Path folder) {
        OutputFolder.make(folder);
        json = folder.resolve("papers.json");
        csv = folder.resolve("papers.csv");
    }

    /** What an earlier run left, if one did. */
    @Nullable
    PapersResult read() {
        if (!Files.exists(json)) {
            return null;
        }
        try {
            PapersResult result = JSON.readValue(Files.readString(json), PapersResult.class);
            if (result != null) {
                return result;
            }
            throw notOurs(null);
        } catch (JacksonException e) {
            throw notOurs(e);
        } catch (IOException e) {
            throw BadInputException.unreadable(json, e);
        }
    }

    private BadInputException notOurs(@Nullable Exception cause) {
        String message =
                json + ": isn't what t4j bench papers wrote, or not all of it; take another folder, or --overwrite";
        return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
    }

    void write(PapersResult result) {
        WholeFile.write(json, JsonText.present(result));
        StringBuilder lines = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (PapersTable table : result.tables()) {
            for (PapersRow row : table.rows()) {
                lines.append(line(table, row)).append('\n');
            }
        }
        WholeFile.write(csv, lines.toString());
    }

    private static String line(PapersTable table, PapersRow row) {
        var seconds = row.seconds();
        @Nullable
        Object[] cells = {
            table.id(),
            table.name(),
            table.x(),
            row.x(),
            row.method(),
            row.mark(),
            seconds == null ? null : seconds.median(),
            seconds == null ? null : seconds.min(),
            seconds == null ? null : seconds.max(),
            row.scratchBytes(),
            row.totalBytes(),
            row.peakRssBytes(),
            row.executedGflops(),
            row.peakGflops(),
            row.exact(),
            row.batches(),
            row.utterances(),
            row.measuredUtterances(),
            row.nodes(),
            row.operations(),
            row.note()
        };
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(i == 0 ? "" : ",").append(cell(cells[i]));
        }
        return line.toString();
    }

    private static String cell(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Double number -> String.format(Locale.ROOT, "%.6g", number);
            default -> {
                String text = value.toString();
                yield text.matches("[^,\"\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
            }
        };
    }
}
