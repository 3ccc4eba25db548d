package org.transducer4j.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that results go to. */
public final class OutputFolder {
    private OutputFolder() {}

    /**
     * Makes a folder if it isn't there, and sees to it, before any work, that files can be written to it.
     *
     * @param folder the folder
     * @throws BadInputException if it is a file or can't be written
     */
    public static void make(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".write", ".tmp"));
        } catch (IOException e) {
            throw BadInputException.unwritable(folder, e);
        }
    }
}
