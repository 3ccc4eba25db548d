package org.transducer4j.speech.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Fixtures;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConnectTest {
    @TempDir
    Path folder;

    private Connect.Result run(Path clips, int utterances, long seed, String out) {
        return Connect.run(
                new ConnectOptions(clips, utterances, 2, 4, seed, folder.resolve(out), false), (done, total) -> {});
    }

    @Test
    void recipe() throws Exception {
        Path clips = Fixtures.clips(folder, List.of("ann", "bob"), 4);
        List<Integer> told = new ArrayList<>();
        Connect.Result result =
                Connect.run(new ConnectOptions(clips, 20, 2, 4, 1, folder.resolve("new/out"), false), (done, total) -> {
                    assertEquals(20, total);
                    told.add(done);
                });
        assertEquals(20, told.size());
        assertEquals(20, told.getLast());
        assertEquals(2, result.speakers());
        assertEquals(8000, result.sampleRate());
        assertEquals(0, result.resampledClips());
        List<CorpusUtterance> made = CorpusReader.open(result.manifest());
        assertEquals(20, made.size());
        Set<Integer> counts = new HashSet<>();
        double seconds = 0;
        for (int i = 0; i < 20; i++) {
            CorpusUtterance entry = made.get(i);
            assertEquals(i % 2 == 0 ? "ann" : "bob", entry.speaker());
            Audio audio = entry.read();
            assertEquals(entry.duration(), audio.seconds());
            seconds += entry.duration();
            JsonNode parts = JsonMapper.shared().valueToTree(entry.attributes().get("clips"));
            counts.add(parts.size());
            check(entry, audio, parts);
        }
        assertEquals(Set.of(2, 3, 4), counts);
        assertEquals(seconds, result.seconds(), 1e-9);
    }

    private static void check(CorpusUtterance entry, Audio audio, JsonNode parts) {
        List<String> texts = new ArrayList<>();
        double before = 0;
        for (int c = 0; c < parts.size(); c++) {
            JsonNode part = parts.get(c);
            texts.add(part.get("text").asString());
            String id = part.get("id").asString();
            assertTrue(id.contains(entry.speaker()), id);
            double start = part.get("start").asDouble();
            double end = part.get("end").asDouble();
            double gap = start - before;
            assertTrue(c == 0 ? gap >= 0.0499 && gap <= 0.2001 : gap >= 0.0299 && gap <= 0.1501, "gap " + gap);
            assertEquals(0.05, end - start, 1e-9);
            // The clip itself lies there.
            int clip =
                    Integer.parseInt(id.substring(id.lastIndexOf('_') + 1)) * 3 + Integer.parseInt(id.substring(0, 1));
            Path source =
                    entry.origin().file().getParent().getParent().getParent().resolve(entry.speaker() + ".flac");
            float[] want = AudioFiles.read(source, clip * 0.05, 0.05).samples();
            int begin = (int) Math.round(start * 8000);
            assertArrayEquals(want, java.util.Arrays.copyOfRange(audio.samples(), begin, begin + 400));
            // What is before it is quiet, but not dead.
            double power = 0;
            for (int i = (int) Math.round(before * 8000); i < begin; i++) {
                power += audio.samples()[i] * audio.samples()[i];
            }
            double level = 10 * Math.log10(power / Math.round(gap * 8000));
            assertTrue(level > -72 && level < -52, "level " + level);
            before = end;
        }
        assertEquals(entry.text(), String.join(" ", texts));
        double after = entry.duration() - before;
        assertTrue(after >= 0.0299 && after <= 0.1501, "after " + after);
    }

    @Test
    void sameSeedSameBytes() throws Exception {
        Path clips = Fixtures.clips(folder, List.of("ann", "bob"), 2);
        run(clips, 6, 1, "a");
        run(clips, 6, 1, "b");
        run(clips, 6, 2, "c");
        assertEquals(
                Files.readString(folder.resolve("a/manifest.jsonl")),
                Files.readString(folder.resolve("b/manifest.jsonl")));
        assertNotEquals(
                Files.readString(folder.resolve("a/manifest.jsonl")),
                Files.readString(folder.resolve("c/manifest.jsonl")));
        try (Stream<Path> files = Files.list(folder.resolve("a/audio"))) {
            for (Path file : files.toList()) {
                assertArrayEquals(
                        Files.readAllBytes(file),
                        Files.readAllBytes(folder.resolve("b/audio").resolve(file.getFileName())));
            }
        }
        // More utterances begin with the same ones.
        run(clips, 9, 1, "d");
        assertEquals(
                Files.readAllLines(folder.resolve("a/manifest.jsonl")),
                Files.readAllLines(folder.resolve("d/manifest.jsonl")).subList(0, 6));
    }

    @Test
    void withoutSpeakersAndAtTwoRates() throws Exception {
        float[] x = new float[800];
        java.util.Arrays.fill(x, 0.25f);
        AudioFiles.writeWav(folder.resolve("a.wav"), new Audio(x, 8000));
        AudioFiles.writeWav(folder.resolve("b.wav"), new Audio(x, 8000));
        AudioFiles.writeWav(folder.resolve("c.wav"), new Audio(x, 16000));
        Path clips = Files.writeString(folder.resolve("clips.jsonl"), """
                {"audio_filepath": "a.wav", "duration": 0.1, "text": "one"}
                {"audio_filepath": "b.wav", "duration": 0.1, "text": "two two"}
                {"audio_filepath": "c.wav", "duration": 0.05, "text": ""}
                """);
        Connect.Result result = run(clips, 8, 1, "out");
        assertEquals(1, result.speakers());
        assertEquals(8000, result.sampleRate());
        assertEquals(1, result.resampledClips());
        for (CorpusUtterance entry : CorpusReader.open(result.manifest())) {
            assertEquals(8000, entry.read().sampleRate());
            assertTrue(entry.text().matches("((one|two two)( (one|two two))*)?"), "\"" + entry.text() + "\"");
        }
    }

    @Test
    void nothingHalfWritten() throws Exception {
        Path clips = Fixtures.clips(folder, List.of("ann", "bob"), 2);
        Path flac = folder.resolve("bob.flac");
        byte[] whole = Files.readAllBytes(flac);
        Files.write(flac, java.util.Arrays.copyOf(whole, whole.length / 2));
        String message = assertThrows(BadInputException.class, () -> run(clips, 6, 1, "out"))
                .getMessage();
        assertTrue(message.matches(".*clips.jsonl:\\d+: .*bob.flac: is a FLAC file cut short.*"), message);
        Files.delete(flac);
        message = assertThrows(BadInputException.class, () -> run(clips, 6, 1, "out"))
                .getMessage();
        assertTrue(message.matches(".*clips.jsonl:7: .*bob.flac: no such file"), message);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of("ann.flac", "clips.jsonl"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void whatIsThereIsKept() throws Exception {
        Path clips = Fixtures.clips(folder, List.of("ann"), 2);
        run(clips, 3, 1, "out");
        assertTrue(assertThrows(BadInputException.class, () -> run(clips, 3, 1, "out"))
                .getMessage()
                .contains("exists and isn't empty"));
        ConnectOptions again = new ConnectOptions(clips, 2, 1, 1, 5, folder.resolve("out"), true);
        Connect.run(again, (done, total) -> {});
        assertEquals(2, CorpusReader.open(folder.resolve("out/manifest.jsonl")).size());
        Files.writeString(folder.resolve("out/thesis.txt"), "");
        assertTrue(assertThrows(BadInputException.class, () -> Connect.run(again, (done, total) -> {}))
                .getMessage()
                .contains("it holds thesis.txt"));
        assertTrue(Files.exists(folder.resolve("out/manifest.jsonl")));
        Files.createDirectory(folder.resolve("empty"));
        run(clips, 1, 1, "empty");
        assertTrue(Files.exists(folder.resolve("empty/manifest.jsonl")));
        assertTrue(assertThrows(BadInputException.class, () -> run(clips, 1, 1, "ann.flac/out"))
                .getMessage()
                .contains("can't be written"));
        assertThrows(BadInputException.class, () -> run(clips, 1, 1, "clips.jsonl"));
        assertFalse(Files.exists(folder.resolve(".out.partial")));
    }

    @Test
    void badArguments() {
        Path any = Path.of("x");
        assertThrows(IllegalArgumentException.class, () -> new ConnectOptions(any, 0, 1, 1, 1, any, false));
        assertThrows(IllegalArgumentException.class, () -> new ConnectOptions(any, 1, 0, 1, 1, any, false));
        assertThrows(IllegalArgumentException.class, () -> new ConnectOptions(any, 1, 3, 2, 1, any, false));
    }
}
