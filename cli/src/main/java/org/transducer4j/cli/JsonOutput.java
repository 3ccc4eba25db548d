package org.transducer4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;

/** The file of {@code --json}: what is wrong with it should be said before an hour of work, not after. */
final class JsonOutput {
    private JsonOutput() {}

    static void check(@Nullable Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null) {
            throw new BadInputException(file + ": --json needs a file, this is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(file + ": can't be written: no such folder");
        }
        if (!Files.isWritable(folder)) {
            throw new BadInputException(file + ": can't be written: permission denied");
        }
    }
}
