package org.transducer4j.asr.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.transducer4j.speech.WholeFile;

/**
 * A log that isn't what the run wrote. It never holds up a training: what can't be kept goes into a file of its own beside it.
 *
 * @param file the log
 * @param name what that file is called, before its number
 */
record DamagedLog(Path file, String name) {
    /** What the log holds; empty if there is none. What is no file at all, a folder for example, is moved aside. */
    byte[] read() throws IOException {
        if (Files.isRegularFile(file)) {
            return Files.readAllBytes(file);
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(file, unused());
        }
        return new byte[0];
    }

    /** Writes aside what isn't kept; returns where. */
    Path aside(byte[] rest) {
        Path to = unused();
        WholeFile.write(to, rest);
        return to;
    }

    private Path unused() {
        for (int i = 1; ; i++) {
            Path to = file.resolveSibling(name + ".damaged-" + i);
            if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                return to;
            }
        }
    }
}
