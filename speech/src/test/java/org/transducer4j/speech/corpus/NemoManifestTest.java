package org.transducer4j.speech.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;

class NemoManifestTest {
    private static final String GOOD = "{\"audio_filepath\": \"a/b.wav\", \"duration\": 1.5, \"text\": \"one two\"}";

    @TempDir
    Path folder;

    private Path manifest(String... lines) throws Exception {
        return Files.writeString(folder.resolve("m.jsonl"), String.join("\n", lines));
    }

    private String refused(String line) throws Exception {
        Path file = manifest(GOOD, "", line);
        String message = assertThrows(BadInputException.class, () -> CorpusReader.open(file))
                .getMessage();
        assertTrue(message.startsWith(file + ":3: "), message);
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void fields() throws Exception {
        Path file = manifest(
                "\ufeff" + GOOD,
                "",
                "{\"audio_filepath\": \"/abs/c.d.flac\", \"duration\": 2, \"text\": \"\", \"offset\": 0.25,"
                        + " \"speaker\": \"ann\", \"id\": \"x\", \"extra\": [1]}",
                "{\"audio_filepath\": \"e\", \"duration\": 1, \"text\": \"t\", \"speaker\": 17, \"offset\": null}");
        List<CorpusUtterance> entries = CorpusReader.open(file);
        CorpusUtterance first = entries.get(0);
        assertEquals(folder.resolve("a/b.wav"), first.sound().file());
        assertEquals("b-1", first.id());
        assertEquals(0, first.sound().offset());
        assertEquals(1.5, first.duration());
        assertEquals("one two", first.text());
        assertNull(first.speaker());
        assertEquals(file + ":1", first.where());
        CorpusUtterance second = entries.get(1);
        assertEquals(Path.of("/abs/c.d.flac"), second.sound().file());
        assertEquals("x", second.id());
        assertEquals(0.25, second.sound().offset());
        assertEquals("ann", second.speaker());
        assertEquals(3, second.origin().line());
        assertEquals(List.of(1), second.attributes().get("extra"));
        assertEquals("17", entries.get(2).speaker());
    }

    @Test
    void badLines() throws Exception {
        assertTrue(refused("no json").contains("isn't valid JSON"));
        assertTrue(refused(GOOD.substring(0, 30)).contains("isn't valid JSON"));
        assertTrue(refused(GOOD + GOOD).contains("isn't valid JSON"));
        assertTrue(refused("[1, 2]").contains("want a JSON object, got array [1,2]"));
        assertTrue(refused("{\"duration\": 1, \"text\": \"a\"}").contains("has no \"audio_filepath\""));
        assertTrue(refused("{\"audio_filepath\": \"a\", \"text\": \"a\"}").contains("has no \"duration\""));
        assertTrue(refused("{\"audio_filepath\": \"a\", \"duration\": 1}").contains("has no \"text\""));
        assertTrue(refused(GOOD.replace("1.5", "\"1.5\"")).contains("\"duration\" must be a number, got string"));
        assertTrue(refused(GOOD.replace("\"one two\"", "7")).contains("\"text\" must be a string, got number 7"));
        assertTrue(refused(GOOD.replace("1.5", "0")).contains("duration must be positive and finite, got 0"));
        assertTrue(refused(GOOD.replace("1.5", "-1")).contains("got -1"));
        assertTrue(refused(GOOD.replace("1.5", "1e999")).contains("got Infinity"));
        refused(GOOD.replace("1.5", "NaN"));
        assertTrue(refused(GOOD.replace("1.5", "1, \"offset\": -0.1")).contains("offset must be finite"));
        assertTrue(refused(GOOD.replace("a/b.wav", "")).contains("is empty"));
        refused(GOOD.replace("a/b.wav", "a\\u0000b"));
        assertTrue(refused(GOOD.replace("1.5", "1, \"duration\": 2")).contains("uplicate"));
    }

    @Test
    void badFiles() throws Exception {
        Path empty = manifest("", " ");
        assertEquals(
                empty + ": is empty: no utterances",
                assertThrows(BadInputException.class, () -> CorpusReader.open(empty))
                        .getMessage());
        Path missing = folder.resolve("none.jsonl");
        assertEquals(
                missing + ": no such file",
                assertThrows(BadInputException.class, () -> CorpusReader.open(missing))
                        .getMessage());
        assertTrue(assertThrows(BadInputException.class, () -> CorpusReader.open(folder))
                .getMessage()
                .contains("folder"));
        Path latin = Files.write(
                folder.resolve("l.jsonl"), GOOD.replace("one", "\u00e9").getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(BadInputException.class, () -> CorpusReader.open(latin))
                .getMessage()
                .contains("UTF-8"));
    }

    @Test
    void writtenBackWithFields() throws Exception {
        CorpusUtterance entry = CorpusReader.open(manifest(GOOD.replace("\"text\"", "\"z\": {\"y\": 1}, \"text\"")))
                .getFirst();
        Path out = folder.resolve("out.jsonl");
        NemoManifest.writeLines(
                out,
                List.of(entry.with(Map.of("pred_text", "one t\u00fc", "wer", 0.5))
                        .attributes()));
        String line = Files.readString(out);
        assertTrue(line.contains("\"z\":{\"y\":1}"), line);
        CorpusUtterance back = CorpusReader.open(out).getFirst();
        assertEquals("one t\u00fc", back.attributes().get("pred_text"));
        assertEquals(0.5, back.attributes().get("wer"));
        assertFalse(entry.attributes().containsKey("pred_text"));
    }

    @Test
    void pathsHoldFromTheNewFolder() throws Exception {
        Files.createDirectories(folder.resolve("data/a"));
        Files.writeString(folder.resolve("data/a/b.wav"), "");
        Path file = Files.writeString(folder.resolve("data/m.jsonl"), GOOD);
        CorpusUtterance entry = CorpusReader.open(file).getFirst();
        Files.createDirectories(folder.resolve("elsewhere/deep"));
        Files.createDirectories(folder.resolve("data/split"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("data/split"));
        for (Path to :
                List.of(folder.resolve("data/split"), folder.resolve("elsewhere/deep"), folder.resolve("data"), link)) {
            Path out = to.resolve("new.jsonl");
            NemoManifest.write(out, List.of(entry));
            CorpusUtterance back = CorpusReader.open(out).getFirst();
            assertTrue(Files.isSameFile(entry.sound().file(), back.sound().file()), out.toString());
            assertEquals("b-1", back.id());
        }
        assertTrue(Files.readString(folder.resolve("data/new.jsonl")).contains("\"a/b.wav\""));
        assertTrue(Files.readString(folder.resolve("data/split/new.jsonl")).contains("\"../a/b.wav\""));
    }
}
