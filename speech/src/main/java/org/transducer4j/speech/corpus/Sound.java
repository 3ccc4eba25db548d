package org.transducer4j.speech.corpus;

import java.nio.file.Path;
import java.util.Objects;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.internal.Require;

/**
 * A stretch of a sound file.
 *
 * @param file the sound file
 * @param offset where the stretch begins, in seconds
 * @param duration its length in seconds
 */
public record Sound(Path file, double offset, double duration) {
    /** Checks offset and duration. */
    public Sound {
        Objects.requireNonNull(file, "file");
        Require.that(offset >= 0 && Double.isFinite(offset), "offset must be finite and not negative, got %s", offset);
        Require.that(
                duration > 0 && Double.isFinite(duration), "duration must be positive and finite, got %s", duration);
    }

    /**
     * Reads the stretch.
     *
     * @return its sound at the file's own rate, channels averaged
     * @throws org.transducer4j.speech.BadInputException if it can't be read, naming the file
     */
    public Audio read() {
        return AudioFiles.read(file, offset, duration);
    }
}
