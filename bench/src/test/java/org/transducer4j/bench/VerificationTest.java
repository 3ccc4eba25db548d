package org.transducer4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.transducer4j.loss.method.Schedule;

class VerificationTest {
    @TempDir
    Path directory;

    TinyCase tiny;
    final List<String> lines = new ArrayList<>();

    @BeforeEach
    void writeCase() throws IOException {
        tiny = new TinyCase(directory.resolve("cases").resolve("tiny"));
    }

    boolean verify(Path vectors) {
        return Verification.run(VerifyOptions.of(vectors), lines::add);
    }

    String text() {
        return String.join("\n", lines);
    }

    @Test
    void theCaseItselfAFolderOfCasesAndAFolderOfThoseAreFound() {
        for (Path path : List.of(tiny.folder, tiny.folder.getParent(), directory)) {
            lines.clear();
            assertTrue(verify(path), text());
            assertTrue(
                    lines.stream().anyMatch(l -> l.startsWith("tiny") && l.contains("reference") && l.endsWith("ok")));
            assertTrue(lines.getLast().startsWith("1 cases, reference, "), text());
        }
    }

    @Test
    void oneProviderCanBeNamed() {
        assertTrue(Verification.run(VerifyOptions.of(tiny.folder).withProvider("scalar"), lines::add));
        assertEquals(3, lines.size(), text());
        assertThrows(
                IllegalArgumentException.class,
                () -> Verification.run(VerifyOptions.of(tiny.folder).withProvider("gpu"), lines::add));
    }

    @Test
    void aWrongLossFails() throws IOException {
        tiny.losses[1] += 1e-4;
        tiny.writeLosses();
        assertFalse(verify(tiny.folder));
        assertTrue(text().contains("FAIL"), text());
        assertTrue(
                Verification.run(VerifyOptions.of(tiny.folder).withTolerances(1e-3, 1e-5), lines::add),
                "a wider tolerance");
    }

    @Test
    void aWrongGradientFails() throws IOException {
        tiny.gradients[TinyCase.index(0, 1, 1, 2)] += 1e-4;
        tiny.writeGradients();
        assertFalse(verify(tiny.folder));
    }

    @Test
    void nanInPaddingDoesNotMatter() throws IOException {
        for (int k = 0; k < TinyCase.V; k++) {
            tiny.logits[TinyCase.index(1, 0, 2, k)] = Float.NaN;
            tiny.logits[TinyCase.index(1, 2, 0, k)] = Float.POSITIVE_INFINITY;
        }
        tiny.write("logits.f4", ByteBuffer.allocate(tiny.logits.length * 4), tiny.logits);
        assertTrue(verify(tiny.folder), text());
    }

    @Test
    void nanInALogitFailsAndIsShown() throws IOException {
        tiny.logits[TinyCase.index(0, 0, 0, 0)] = Float.NaN;
        tiny.write("logits.f4", ByteBuffer.allocate(tiny.logits.length * 4), tiny.logits);
        assertFalse(verify(tiny.folder));
        assertTrue(text().contains("NaN"), text());
    }

    @Test
    void referencesInFloat32AndLengthsInJsonWillDo() throws IOException {
        tiny.write("loss_ref.f4", ByteBuffer.allocate(8), (float) tiny.losses[0], (float) tiny.losses[1]);
        tiny.replace("loss_ref.f8\", \"dtype\": \"float64\"", "loss_ref.f4\", \"dtype\": \"float32\"");
        tiny.replace(", \"shape\": [2]", "");
        tiny.replace("\"T_len\": {\"file\": \"T_len.i4\", \"dtype\": \"int32\"},", "");
        tiny.replace("\"B\": 2", "\"T_len\": [3, 2], \"B\": 2");
        assertTrue(verify(tiny.folder), text());
    }

    @Test
    void otherFormatsAreSkippedWithASentence() throws IOException {
        Path other = Files.createDirectories(directory.resolve("cases").resolve("other"));
        Files.writeString(other.resolve("case.json"), "{\"arrays\": {\"sound\": {\"file\": \"sound.f4\"}}}");
        assertTrue(verify(directory), text());
        assertTrue(lines.getFirst().contains("other: skipped"), text());
        String message =
                assertThrows(BadCaseException.class, () -> verify(other)).getMessage();
        assertTrue(message.contains("no case folder"), message);
    }

    @Test
    void theStoredCasesPassOnEveryProvider() {
        Path vectors = SharedVectors.folder("rnnt");
        assertTrue(verify(vectors), text());
    }

    @Test
    void readyLogitsGoThroughEverySchedule() throws IOException {
        VerifyOptions all = VerifyOptions.of(tiny.folder)
                .withMethod(null, null, "all", null)
                .withTolerances(1e-6, 1e-6);
        assertTrue(Verification.run(all, lines::add), text());
        for (String schedule : List.of("batched", "split:2", "packed", "sample-wise", "tiled")) {
            assertTrue(lines.stream().anyMatch(l -> l.contains(" " + schedule + " ")), schedule + "\n" + text());
        }
        tiny.gradients[TinyCase.index(0, 1, 1, 2)] += 1e-4;
        tiny.writeGradients();
        assertFalse(Verification.run(all, lines::add));
    }

    @Test
    void aMethodIsSaidByItsPartsOrAWord() {
        VerifyOptions usual = VerifyOptions.of(tiny.folder);
        assertEquals(
                List.of(), usual.withMethod("transducer", "full", null, null).schedules());
        assertEquals(usual, usual.withMethod(null, null, null, 0.0));
        for (String word : List.of("batched", "split:3", "packed", "sample-wise")) {
            assertEquals(
                    List.of(Schedule.parse(word)),
                    usual.withMethod(word, null, null, null).schedules());
        }
        VerifyOptions floored = usual.withMethod("tiled+floor", null, null, null);
        assertEquals(1e-6, floored.occupancyFloor());
        assertTrue(Verification.run(floored, lines::add), text());
        assertTrue(text().contains(" tiled "), text());
        // One that leaves nearly everything out is seen.
        assertFalse(Verification.run(usual.withMethod(null, null, "packed", 0.9), lines::add), text());
        assertRefused("want band full, got pruned", () -> usual.withMethod("pruned", null, null, null));
        assertRefused("there is no loss \"ctc\"", () -> usual.withMethod("ctc", null, null, null));
        assertRefused("is no schedule", () -> usual.withMethod(null, null, "diagonal", null));
        assertRefused("named is all", () -> usual.withMethod("packed", null, "all", null));
        assertRefused("[0, 1)", () -> usual.withMethod(null, null, null, 1.0));
    }

    private static void assertRefused(String part, Executable call) {
        String said = String.valueOf(
                assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(said.contains(part), said);
    }

    interface Damage {
        void to(TinyCase tiny) throws IOException;
    }

    static Arguments damage(String message, Damage damage) {
        return Arguments.of(message, damage);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("case.json:1: is no JSON", t -> t.json("{\"B\": 2,,")),
                damage("case.json: is no JSON object", t -> t.json("[]")),
                damage("case.json: no such file", t -> Files.delete(t.folder.resolve("case.json"))),
                damage("case.json: has no \"blank\"", t -> t.replace("\"blank\": 1,", "")),
                damage("blank is 4, expected 0 to V-1 = 3", t -> t.replace("\"blank\": 1", "\"blank\": 4")),
                damage("\"T\" must be a whole number, it is \"3\"", t -> t.replace("\"T\": 3", "\"T\": \"3\"")),
                damage("needs B >= 1", t -> t.replace("\"B\": 2", "\"B\": 0")),
                damage("has no array \"targets\"", t -> t.replace("\"targets\":", "\"goals\":")),
                damage("unknown dtype \"float16\"", t -> t.replace("float64", "float16")),
                damage(
                        "is int32, expected float32",
                        t -> t.replace("logits.f4\", \"dtype\": \"float32", "T_len.i4\", \"dtype\": \"int32")),
                damage("has shape [2, 3, 3, 4], expected [2, 4, 3, 4]", t -> t.replace("\"T\": 3", "\"T\": 4")),
                damage("logits.f4: no such file", t -> Files.delete(t.folder.resolve("logits.f4"))),
                damage("logits.f4: has 4 bytes, expected 288", t -> t.write("logits.f4", 1)),
                damage("grad_ref.f8: has 0 bytes, expected 576", t -> t.write("grad_ref.f8")),
                damage("T_len of utterance 1 is 4, expected 1 to 3", t -> t.write("T_len.i4", 3, 4)),
                damage("T_len of utterance 0 is 0, expected 1 to 3", t -> t.write("T_len.i4", 0, 3)),
                damage("U_len of utterance 0 is 3, expected 0 to 2", t -> t.write("U_len.i4", 3, 1)),
                damage("targets.i4: label 1 of utterance 0 is 4", t -> t.write("targets.i4", 2, 4, 3, 0)),
                damage(
                        "targets.i4: label 0 of utterance 1 is 1, expected 0 to 3 and not blank (1)",
                        t -> t.write("targets.i4", 2, 0, 1, 0)),
                damage("targets.i4: label 0 of utterance 0 is -1", t -> t.write("targets.i4", -1, 0, 3, 0)),
                damage("loss_ref.f8: the loss of utterance 0 is NaN", t -> {
                    t.losses[0] = Double.NaN;
                    t.writeLosses();
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void badCasesAreNamed(String message, Damage damage) throws IOException {
        damage.to(tiny);
        String actual =
                assertThrows(BadCaseException.class, () -> verify(directory)).getMessage();
        assertTrue(actual.contains(message) && actual.contains("tiny"), actual);
    }

    @Test
    void aFolderWithoutCasesIsAnError() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertTrue(assertThrows(BadCaseException.class, () -> verify(empty))
                .getMessage()
                .contains("has no case folder"));
        Path missing = directory.resolve("missing");
        assertTrue(assertThrows(BadCaseException.class, () -> verify(missing))
                .getMessage()
                .contains("no such folder"));
        Path file = Files.writeString(directory.resolve("file"), "");
        assertTrue(assertThrows(BadCaseException.class, () -> verify(file))
                .getMessage()
                .contains("is no folder"));
    }
}
