package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A JVM of its own for a test class with a main method. It runs on the class path, whatever this one runs on. */
public final class OwnJvm {
    private OwnJvm() {}

    /**
     * Runs it; it must end well.
     *
     * @param main the class
     * @param flags of the JVM
     * @param arguments of the program
     * @return all that it says
     */
    public static String run(Class<?> main, List<String> flags, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(flags);
        command.addAll(List.of("-cp", root(main) + File.pathSeparator + root(TransducerLoss.class), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** The folder of a class's package tree: in a module, test classes have one beside that of the module. */
    private static Path root(Class<?> type) {
        URL file = Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"), type.getName());
        try {
            Path path = Path.of(file.toURI());
            for (int i = 0;
                    i <= type.getPackageName().chars().filter(c -> c == '.').count() + 1;
                    i++) {
                path = path.getParent();
            }
            return path;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
