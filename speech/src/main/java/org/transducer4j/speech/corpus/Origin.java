package org.transducer4j.speech.corpus;

import java.nio.file.Path;
import java.util.Objects;
import org.transducer4j.speech.internal.Require;

/**
 * Where an utterance is written down.
 *
 * @param file the manifest
 * @param line the line there, from 1; 0 where the file has no lines
 */
public record Origin(Path file, int line) {
    /** Checks the line. */
    public Origin {
        Objects.requireNonNull(file, "file");
        Require.that(line >= 0, "line must be 1 or more, or 0 for none, got %d", line);
    }

    /** {@code file:line}, the beginning of every message about it. */
    @Override
    public String toString() {
        return line == 0 ? file.toString() : file + ":" + line;
    }
}
