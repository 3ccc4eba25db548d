package org.transducer4j.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrunedCaseTest {
    @TempDir
    Path directory;

    final List<String> lines = new ArrayList<>();

    private boolean verify(Path path, String provider, double tolerance) {
        return Verification.run(
                VerifyOptions.of(path).withProvider(provider).withTolerances(tolerance, tolerance), lines::add);
    }

    private String text() {
        return String.join("\n", lines);
    }

    private void copy(String name) throws IOException {
        try (Stream<Path> files = Files.list(SharedVectors.folder("fast_rnnt").resolve(name))) {
            for (Path file : files.toList()) {
                Files.write(directory.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    /** Changes a byte of a file in place. */
    private void put(String file, int index, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        bytes[index] = (byte) value;
        Files.write(directory.resolve(file), bytes);
    }

    @Test
    void theStoredCasesMatchInDouble() {
        assertTrue(verify(SharedVectors.folder("fast_rnnt"), "reference", 1e-6), text());
    }

    @Test
    void theStoredCasesMatchOnEveryProvider() {
        assertTrue(verify(SharedVectors.folder("fast_rnnt"), null, 1e-5), text());
    }

    @Test
    void aScheduleGoesThroughTheWindows() {
        Path vectors = SharedVectors.folder("fast_rnnt").resolve("f01_one");
        assertTrue(
                Verification.run(
                        VerifyOptions.of(vectors).withProvider("simd").withMethod(null, null, "all", null), lines::add),
                text());
        assertTrue(text().contains("k2 pruned 3") && text().contains("tiled"), text());
    }

    /** Each array is compared: the exponent of one of its numbers is changed, and the case fails. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple_px",
                "simple_py",
                "simple_loss",
                "simple_px_grad",
                "simple_d_lm",
                "smoothed_py_grad",
                "smoothed_d_am",
                "pruned4_loss",
                "k2_pruned3_grad",
                "full_grad"
            })
    void aWrongNumberFails(String array) throws IOException {
        copy("f01_one");
        byte[] bytes = Files.readAllBytes(directory.resolve(array + ".f8"));
        put(array + ".f8", 6, bytes[6] ^ 0x10);
        assertFalse(verify(directory, "reference", 1e-6), text());
    }

    @Test
    void anotherWindowFails() throws IOException {
        copy("f01_one");
        // The windows begin at 0 0 0 1 2 ...: that of frame 3 is put back.
        put("ranges3.i4", 36, 0);
        assertFalse(verify(directory, "reference", 1e-6), text());
        assertTrue(
                lines.stream()
                        .anyMatch(l -> l.contains("pruned 3") && l.contains("ranges differ, number of frames: 1")),
                text());
    }

    @Test
    void badCasesAreNamed() throws IOException {
        copy("f01_one");
        Path json = directory.resolve("case.json");
        String good = Files.readString(json);
        refused(good.replace("\"S\": 4", "\"S\": 5"), "\"lm\" has shape [1, 5, 6], expected [1, 6, 6]");
        refused(good.replace("\"term\": 0", "\"term\": 6"), "blank is 6, expected 0 to V-1 = 5");
        refused(good.replace("\"smoothed_d_lm\":", "\"other\":"), "has no array \"smoothed_d_lm\"");
        refused(good.replace("\"name\":", "\"lm_only_scale\": 2, \"name\":"), "at most 1 together, not 2.0");
        refused(good.replace("\"name\":", "\"lm_only_scale\": \"x\", \"name\":"), "must be a number, it is \"x\"");
        Files.writeString(json, good);
        byte[] ranges = Files.readAllBytes(directory.resolve("ranges3.i4"));
        put("ranges3.i4", 12, 9);
        refused(good, "ranges3.i4: utterance 0: frame 1: positions [9, 5) aren't a part of [0, 5)");
        Files.write(directory.resolve("ranges3.i4"), ranges);
        put("boundary.i4", 12, 11);
        refused(good, "the boundary of utterance 0 is 0, 0, 4, 11; expected 0, 0, 0 to S = 4, 1 to T = 10");
    }

    private void refused(String json, String message) throws IOException {
        Files.writeString(directory.resolve("case.json"), json);
        String actual = assertThrows(BadCaseException.class, () -> verify(directory, "reference", 1e-6))
                .getMessage();
        assertTrue(actual.contains(message), actual);
    }
}
