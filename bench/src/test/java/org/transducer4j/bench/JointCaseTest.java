package org.transducer4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cases that src/test/golden/joint.py has written. */
class JointCaseTest {
    @TempDir
    Path directory;

    final List<String> lines = new ArrayList<>();

    private static Path cases() throws URISyntaxException {
        return Path.of(JointCaseTest.class.getResource("joint/tanh/case.json").toURI())
                .getParent()
                .getParent();
    }

    private boolean verify(Path path, @Nullable String schedule) {
        return Verification.run(
                VerifyOptions.of(path).withMethod(null, null, schedule, null).withTolerances(1e-6, 1e-6), lines::add);
    }

    private Path copy(String name) throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(cases().resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        return directory;
    }

    private void replace(String from, String to) throws IOException {
        Path json = directory.resolve("case.json");
        assertTrue(Files.readString(json).contains(from), from);
        Files.writeString(json, Files.readString(json).replace(from, to));
    }

    @Test
    void everyScheduleGivesTheStoredLossesAndGradients() throws URISyntaxException {
        assertTrue(verify(cases(), null), String.join("\n", lines));
        assertTrue(verify(cases(), "all"), String.join("\n", lines));
        long providers = lines.stream()
                .filter(l -> l.startsWith("tanh") && l.contains(" split:2 "))
                .count();
        assertTrue(providers >= 2, String.join("\n", lines));
        assertEquals(
                4 * 6 * providers, lines.stream().filter(l -> l.endsWith("ok")).count());
    }

    @Test
    void aWrongGradientFails() throws IOException, URISyntaxException {
        copy("tanh");
        byte[] bytes = Files.readAllBytes(directory.resolve("grad_pred.f8"));
        bytes[6] ^= 1;
        Files.write(directory.resolve("grad_pred.f8"), bytes);
        assertFalse(verify(directory, null));
    }

    @Test
    void badCasesAreNamed() throws IOException, URISyntaxException {
        copy("tanh");
        replace("\"activation\": \"tanh\"", "\"activation\": \"gelu\"");
        refused("activation is \"gelu\", expected tanh, relu or sigmoid");
        replace("\"activation\": \"gelu\"", "\"activation\": 3");
        refused("\"activation\" must be a word, it is 3");
        replace("\"activation\": 3", "\"activation\": \"tanh\"");
        replace("\"H\": 4", "\"H\": 0");
        refused("needs H >= 1");
        replace("\"H\": 0", "\"H\": 5");
        refused("\"enc\" has shape [2, 6, 4], expected [2, 6, 5]");
        replace("\"H\": 5", "\"H\": 4");
        replace("\"grad_bias\":", "\"grad_of_bias\":");
        refused("has no array \"grad_bias\"");
    }

    private void refused(String message) {
        String actual = assertThrows(BadCaseException.class, () -> verify(directory, null))
                .getMessage();
        assertTrue(actual.contains(message), actual);
    }
}
