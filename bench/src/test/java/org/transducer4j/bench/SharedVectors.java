package org.transducer4j.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Stored cases beside the project, where they are. */
final class SharedVectors {
    private SharedVectors() {}

    static Path folder(String name) {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path candidate = up.resolve("shared/data/vectors").resolve(name);
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        Assumptions.abort("no shared/data/vectors/" + name + " above the working directory");
        throw new AssertionError();
    }
}
