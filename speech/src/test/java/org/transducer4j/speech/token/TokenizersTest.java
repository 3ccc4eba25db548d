package org.transducer4j.speech.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Origin;
import org.transducer4j.speech.corpus.Sound;

class TokenizersTest {
    @TempDir
    Path folder;

    private static List<CorpusUtterance> said(String... texts) {
        List<CorpusUtterance> utterances = new ArrayList<>();
        for (String text : texts) {
            int line = utterances.size() + 1;
            utterances.add(new CorpusUtterance(
                    "u" + line, new Sound(Path.of("a"), 0, 1), text, null, Map.of(), new Origin(Path.of("m"), line)));
        }
        return utterances;
    }

    private static String refused(Runnable work) {
        return assertThrows(BadInputException.class, work::run).getMessage();
    }

    @Test
    void fewDifferentWordsAreWordsAndManyAreCharacters() {
        assertEquals("word", Tokenizers.choose("auto", said("one two", "two")).name());
        String[] many = new String[101];
        for (int i = 0; i < many.length; i++) {
            many[i] = "w" + i;
        }
        assertEquals("char", Tokenizers.choose("auto", said(many)).name());
        assertEquals("char", Tokenizers.choose("char", said("one two")).name());
    }

    @Test
    void whatIsSavedIsReadBack() throws Exception {
        for (String name : List.of("word", "char")) {
            Tokenizer tokens = Tokenizers.choose(name, said("one two", "h\u00e9 \ud83d\ude00"));
            tokens.save(folder);
            byte[] saved = Files.readAllBytes(folder.resolve("tokens.txt"));
            assertArrayEquals(tokens.files().get("tokens.txt"), saved);
            Tokenizer chosen = Tokenizers.choose(folder.resolve("tokens.txt").toString(), said("one"));
            Tokenizer back = Tokenizers.read(name, tokens.files(), Path.of("checkpoint"));
            for (Tokenizer other : List.of(chosen, back)) {
                assertEquals(name, other.name());
                assertEquals(tokens.pieces(), other.pieces());
                assertEquals("two h\u00e9", other.decode(other.encode("two  h\u00e9")));
            }
        }
    }

    @Test
    void whatIsntThereIsNamed() {
        assertEquals(
                "syllables: no such file, nor a tokenizer of that name; there are: auto, word, char",
                refused(() -> Tokenizers.choose("syllables", said("one"))));
        Path file = Path.of("checkpoint");
        assertEquals(
                "checkpoint: there is no tokenizer \"syllables\"; there are: word, char",
                refused(() -> Tokenizers.read("syllables", Map.of(), file)));
        assertEquals("checkpoint: has no tokens.txt", refused(() -> Tokenizers.read("word", Map.of(), file)));
        Map<String, byte[]> characters = Tokenizers.choose("char", said("one")).files();
        assertTrue(refused(() -> Tokenizers.read("word", characters, file)).contains("they are characters"));
        assertTrue(refused(() -> Tokenizers.choose("word", said("one", "two <blk>")))
                .startsWith("m:2: "));
    }

    /** Letters in pairs; a word may begin within one. */
    private record Pairs(List<String> pieces) implements Tokenizer {
        @Override
        public String name() {
            return "pairs";
        }

        @Override
        public int[] encode(String text) {
            String all = text.replace(" ", SPACE);
            int[] ids = new int[all.length() / 2];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = pieces.indexOf(all.substring(2 * i, 2 * i + 2));
            }
            return ids;
        }

        @Override
        public String decode(int[] tokens) {
            StringBuilder text = new StringBuilder();
            for (int id : tokens) {
                text.append(piece(id));
            }
            return text.toString().replace(SPACE, " ").strip();
        }
    }

    @Test
    void wordsOfAnyTokenizer() {
        // "abc de f": ab c_ de _f
        Tokenizer pairs = new Pairs(List.of("<blk>", "ab", "c\u2581", "de", "\u2581f", "b\u2581"));
        int[] ids = pairs.encode("abc de f");
        assertArrayEquals(new int[] {1, 2, 3, 4}, ids);
        assertEquals(
                List.of(new Tokenizer.Word("abc", 0, 2), new Tokenizer.Word("de", 2, 3), new Tokenizer.Word("f", 3, 4)),
                pairs.words(ids));
        assertEquals(List.of(), pairs.words(new int[0]));
    }

    @Test
    void idsThatCantBeAreRefusedWithTheLine() {
        Tokenizer pairs = new Pairs(List.of("<blk>", "ab"));
        assertArrayEquals(new int[] {1}, pairs.encode(said("ab").getFirst()));
        String message = refused(() -> pairs.encode(said("ab", "ba").getLast()));
        assertTrue(message.startsWith("m:2: ") && message.contains("id -1") && message.contains("[0, 2)"), message);
    }

    private static Map<String, byte[]> stored(String... pieces) {
        StringBuilder lines = new StringBuilder("<blk> 0\n<sos/eos> 1\n<unk> 2\n");
        for (int i = 0; i < pieces.length; i++) {
            lines.append(pieces[i]).append(' ').append(3 + i).append('\n');
        }
        return Map.of("tokens.txt", lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatACheckpointOfBeforeHoldsIsReadByPosition() {
        Path file = Path.of("checkpoint");
        // A lone surrogate was written as a question mark, two of them are the same piece twice.
        List<String> odd = List.of("\u0085", "\u00a0", "\u001f", "\u2003", "\u2028", "\u3000", "?", "?", "a", "\u2581");
        Tokenizer characters = Tokenizers.read("char", stored(odd.toArray(String[]::new)), file);
        assertEquals(odd, characters.pieces().subList(3, 3 + odd.size()));
        assertArrayEquals(new int[] {11, 12, 11, 12, 9}, characters.encode("a a\u3000?"));
        assertEquals("a\u3000a", characters.decode(new int[] {4, 11, 8, 11, 3}));
        Tokenizer words = Tokenizers.read("word", stored("one", "a\u3000b", "c\u00a0d"), file);
        assertEquals(List.of("one", "a\u3000b", "c\u00a0d"), words.pieces().subList(3, 6));
        assertEquals("a\u3000b one", words.decode(new int[] {4, 3}));
        // What came from a file of other order is read by its ids, as ever.
        Map<String, byte[]> order =
                Map.of("tokens.txt", "one 3\n<blk> 0\n<sos/eos> 1\n<unk>\t2\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of("<blk>", "<sos/eos>", "<unk>", "one"),
                Tokenizers.read("word", order, file).pieces());
    }

    @Test
    void tokensOfEveryTranscriptComeBackFromTheirFiles() {
        String text = "one\u3000tw\u043e\u00a0\u200dthree\u2028\ufefffour\u0085\ud83d\ude00 5 \u0301e";
        for (String name : List.of("word", "char", "auto")) {
            Tokenizer tokens = Tokenizers.choose(name, said("one", text));
            Tokenizer back = Tokenizers.read(tokens.name(), tokens.files(), Path.of("checkpoint"));
            assertEquals(tokens.pieces(), back.pieces());
            assertEquals(String.join(" ", WhiteSpace.words(text)), back.decode(back.encode(text)));
        }
        assertTrue(refused(() -> Tokenizers.choose("char", said("one", "t\ud83d")))
                .startsWith("m:2: its transcript holds half"));
    }
}
