package org.transducer4j.speech.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Ctm;

class TokenTimesTest {
    private static final Tokens WORDS = Tokens.words(List.of("one two"));
    private static final Tokens CHARACTERS = Tokens.characters(List.of("one two"));

    @TempDir
    Path folder;

    private CorpusUtterance entry(String text, String more) throws Exception {
        return CorpusReader.open(Files.writeString(
                        folder.resolve("m.jsonl"),
                        "\n{\"audio_filepath\": \"a.wav\", \"duration\": 2, \"id\": \"x\", \"text\": \"" + text + "\""
                                + (more.isEmpty() ? "" : ", \"alignment\": " + more) + "}\n"))
                .getFirst();
    }

    private Ctm ctm(String... lines) throws Exception {
        return Ctm.read(Files.write(folder.resolve("a.ctm"), List.of(lines)));
    }

    private static TokenTimes times(CorpusUtterance entry, Tokens tokens) {
        return TokenTimes.of(entry, tokens.encode(entry), tokens);
    }

    private static TokenTimes times(CorpusUtterance entry, Tokens tokens, Ctm ctm) {
        return TokenTimes.of(entry, tokens.encode(entry), tokens, ctm);
    }

    private static String message(org.junit.jupiter.api.function.Executable refused) {
        String message = assertThrows(BadInputException.class, refused).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private void refused(String alignment, String... parts) throws Exception {
        CorpusUtterance entry = entry("one two", alignment);
        String message = message(() -> times(entry, WORDS));
        assertTrue(message.startsWith(folder.resolve("m.jsonl") + ":2: "), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void framesAndTimesOfAManifest() throws Exception {
        String frames = "{\"tokens\": [\"one\", \"two\"], \"frames\": [0, 49], \"frame_seconds\": 0.04}";
        TokenTimes times = times(entry("one two", frames), WORDS);
        assertArrayEquals(new double[] {0.04, 2}, times.seconds(), 1e-12);
        assertArrayEquals(new int[] {0, 49}, times.frames(0.04, 50));
        assertArrayEquals(new int[] {0, 48}, times.frames(0.04, 49));
        assertArrayEquals(new int[] {1, 66}, times.frames(0.03, 100));
        assertArrayEquals(new int[] {0, 24}, times.atSpeed(2).frames(0.04, 50));
        assertArrayEquals(new int[] {1, 55}, times.atSpeed(0.9).frames(0.04, 60));
        TokenTimes seconds = times(entry("one two", "{\"times\": [0, 1.25]}"), WORDS);
        assertArrayEquals(new double[] {0, 1.25}, seconds.seconds());
        assertArrayEquals(new int[] {0, 31}, seconds.frames(0.04, 50));
        assertEquals(
                0,
                times(entry("", "{\"frames\": [], \"frame_seconds\": 1}"), WORDS)
                        .seconds()
                        .length);
    }

    @Test
    void everyFrameSurvivesTheWay() throws Exception {
        for (int frame = 0; frame < 3000; frame++) {
            var times = new TokenTimes(new double[] {(frame + 1) * 0.04});
            assertEquals(frame, times.frames(0.04, 3000)[0]);
            // as a line of a CTM file has it
            var word = new TokenTimes(new double[] {Math.round(frame * 40.0) / 1000.0 + 0.040});
            assertEquals(frame, word.frames(0.04, 3000)[0]);
        }
    }

    @Test
    void wordsAreSplitEvenly() throws Exception {
        Ctm ctm = ctm(";; a comment", "", "x 1 0.50 0.30 one 0.9", "y A 0 1 what", "x 1 1.00 0.80 two");
        assertArrayEquals(
                new double[] {0.8, 1.8}, times(entry("one two", ""), WORDS, ctm).seconds(), 1e-12);
        assertArrayEquals(
                new double[] {0.6, 0.7, 0.8, 1.2, 1.4, 1.6, 1.8},
                times(entry(" one  two ", ""), CHARACTERS, ctm).seconds(),
                1e-12);
        Ctm overlapping = ctm("x 1 0.5 0.9 one", "x 1 1.0 0.2 two");
        assertArrayEquals(
                new double[] {1.4, 1.4},
                times(entry("one two", ""), WORDS, overlapping).seconds(),
                1e-12);
        CorpusUtterance silent = entry("", "");
        assertEquals(0, times(silent, WORDS, ctm("y 1 0 1 what")).seconds().length);
    }

    @Test
    void badAlignmentsNameTheLine() throws Exception {
        refused("", "has no \"alignment\"", "t4j align");
        refused("[1, 2]", "has no \"alignment\" {...}");
        refused("{\"frame_seconds\": 0.04}", "either \"frames\" or \"times\"");
        refused("{\"times\": [1, 2], \"frames\": [1, 2]}", "either \"frames\" or \"times\"");
        refused("{\"frames\": [1, 2]}", "frame_seconds");
        refused("{\"frames\": [1, 2], \"frame_seconds\": -1}", "frame_seconds");
        refused("{\"frames\": [1], \"frame_seconds\": 0.04}", "2 tokens, its alignment 1");
        refused("{\"frames\": 3, \"frame_seconds\": 0.04}", "2 tokens, its alignment no list");
        refused("{\"times\": [1, 2], \"tokens\": [\"one\"]}", "2 tokens, its alignment 2 for 1 tokens");
        refused("{\"frames\": [1, 2.5], \"frame_seconds\": 0.04}", "2.5 as a frame");
        refused("{\"times\": [1, \"2\"]}", "\"2\" as a time");
        refused("{\"times\": [1.5, 1]}", "token 1 at 1.0 s", "1.5 s");
        refused("{\"times\": [-0.5, 1]}", "token 0 at -0.5 s");
        refused("{\"times\": [1, 2.2]}", "goes on to 2.2 s", "2.0 s long");
        refused("{\"times\": [1, 2], \"tokens\": [\"one\", \"too\"]}", "token 1", "\"too\"", "\"two\"");
    }

    @Test
    void aCtmOfOtherWordsNamesBothFiles() throws Exception {
        CorpusUtterance entry = entry("one two", "");
        String other = message(() -> times(entry, WORDS, ctm("x 1 0 1 one", "x 1 1 1 too")));
        assertTrue(
                other.startsWith(folder.resolve("m.jsonl") + ":2: utterance x is \"one two\"")
                        && other.endsWith("a.ctm has \"one too\""),
                other);
        String missing = message(() -> times(entry, WORDS, ctm("y 1 0 1 one")));
        assertTrue(missing.endsWith("a.ctm doesn't have it"), missing);
        String late = message(() -> times(entry, WORDS, ctm("x 1 7 1 one", "x 1 8 1 two")));
        assertTrue(late.contains("goes on to 9.0 s"), late);
    }

    @Test
    void badCtmLinesAreNamed() throws Exception {
        for (String bad : List.of(
                "x 1 0.5 0.3",
                "x 1 0.5 0.3 two 0.9 more",
                "x 1 zero 0.3 two",
                "x 1 0.5 -0.3 two",
                "x 1 NaN 0.3 two",
                "x 1 0.1 0.3 two")) {
            String message = message(() -> ctm("", "x 1 0.2 0.1 one", bad));
            assertTrue(message.startsWith(folder.resolve("a.ctm") + ":3: "), message);
        }
        assertTrue(message(() -> ctm(";; nothing")).contains("is empty"));
        assertTrue(message(() -> Ctm.read(folder.resolve("none.ctm"))).endsWith("none.ctm: no such file"));
    }

    @Test
    void aCtmIsReadAsItWasWritten() throws Exception {
        Path file = folder.resolve("out.ctm");
        Map<String, List<Ctm.Word>> words = new LinkedHashMap<>();
        words.put("b", List.of(new Ctm.Word("one", 0.04, 0.2), new Ctm.Word("t\u00fc", 0.28, 0.04)));
        words.put("a", List.of());
        Ctm.write(file, words);
        assertEquals("b 1 0.040 0.200 one\nb 1 0.280 0.040 t\u00fc\n", Files.readString(file));
        assertEquals(words.get("b"), Ctm.read(file).words("b"));
        assertEquals(List.of(), Ctm.read(file).words("a"));
        assertTrue(message(() -> Ctm.write(file, Map.of("a b", List.of()))).contains("white space"));
    }
}
