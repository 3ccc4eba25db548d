package org.transducer4j.asr.train;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What of a metrics.jsonl belongs to a run that stands at a certain place.
 *
 * @param lines the lines that are kept
 * @param kept the same as bytes
 * @param rest what is left of a file that isn't what the run wrote; empty for one that is
 * @param whole whether the file is what the run wrote
 */
@SuppressWarnings("ArrayRecordComponent")
record LogLines(List<JsonNode> lines, byte[] kept, byte[] rest, boolean whole) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Reads what a file holds.
     *
     * @param file its bytes
     * @param written how many of them the run had written at that place
     * @param end the last place that is kept
     */
    static LogLines of(byte[] file, long written, LogPlace end) {
        if (written <= file.length) {
            LogLines lines = read(Arrays.copyOf(file, (int) written), end);
            if (lines.rest.length == 0) {
                return new LogLines(lines.lines, lines.kept, lines.rest, true);
            }
        }
        return read(file, end);
    }

    /** Keeps whole lines, in order, up to the end. */
    private static LogLines read(byte[] file, LogPlace end) {
        List<JsonNode> lines = new ArrayList<>();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        LogPlace last = LogPlace.BEGINNING;
        for (int from = 0; from < file.length; ) {
            int to = from;
            while (to < file.length && file[to] != '\n') {
                to++;
            }
            JsonNode line = to == file.length ? null : object(file, from, to - from);
            LogPlace place = line == null ? null : LogPlace.of(line);
            int length = Math.min(to + 1, file.length) - from;
            if (line != null && place != null && place.compareTo(last) > 0 && place.compareTo(end) <= 0) {
                lines.add(line);
                kept.write(file, from, length);
                last = place;
            } else {
                rest.write(file, from, length);
            }
            from += length;
        }
        return new LogLines(lines, kept.toByteArray(), rest.toByteArray(), false);
    }

    private static @Nullable JsonNode object(byte[] file, int from, int length) {
        try {
            JsonNode line = JSON.readTree(file, from, length);
            return line.isObject() ? line : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
