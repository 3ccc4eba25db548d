package org.transducer4j.asr.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.JsonText;

/** Results for machines. */
public final class ResultFile {
    private ResultFile() {}

    /**
     * Writes a record as one JSON object, null for numbers that aren't finite; the file appears whole or not at all.
     *
     * @param file where to
     * @param result a record
     * @throws BadInputException if it can't be written
     */
    public static void write(Path file, Record result) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, JsonText.indented(result));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        }
    }
}
