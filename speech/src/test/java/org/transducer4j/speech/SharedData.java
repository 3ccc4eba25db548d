package org.transducer4j.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds data that lies beside the project; tests skip where it isn't there. */
public final class SharedData {
    private SharedData() {}

    public static Path need(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path found = folder.resolve("shared/data").resolve(name);
            if (Files.exists(found)) {
                return found;
            }
        }
        Assumptions.abort("shared/data/" + name + " isn't there, so this isn't tested");
        throw new AssertionError("unreachable");
    }
}
