package org.transducer4j.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.score.ResultFile;
import org.transducer4j.speech.WholeFile;
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
        if (file != null) {
            WholeFile.check(file);
        }
    }

    void write(Record result) {
        if (file != null) {
            ResultFile.write(file, result);
        }
    }
}
