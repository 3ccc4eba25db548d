package org.transducer4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.score.ResultFile;
import org.transducer4j.speech.BadInputException;
import picocli.CommandLine.Option;

/** {@code --json}: a result for machines. What is wrong with the file should be said before an hour of work, not after. */
final class JsonOutput {
    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the result there for machines, as JSON; an error rate is in percent.")
    private @Nullable Path file;

    JsonOutput() {}

    void check() {
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

    void write(Record result) {
        if (file != null) {
            ResultFile.write(file, result);
        }
    }
}
