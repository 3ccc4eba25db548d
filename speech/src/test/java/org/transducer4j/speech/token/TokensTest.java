package org.transducer4j.speech.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;

class TokensTest {
    @TempDir
    Path folder;

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("tokens.txt"), text);
    }

    @Test
    void words() throws Exception {
        Tokens tokens = Tokens.words(List.of("two one", " one\tthree ", ""));
        Path file = folder.resolve("tokens.txt");
        tokens.save(folder);
        assertEquals("<blk> 0\n<sos/eos> 1\n<unk> 2\none 3\nthree 4\ntwo 5\n", Files.readString(file));
        Tokens back = Tokens.read(file);
        assertEquals(Tokens.Kind.WORD, back.kind());
        assertEquals(6, back.size());
        assertEquals(0, back.blank());
        assertEquals("two", back.piece(5));
        assertArrayEquals(new int[] {5, 3, 5}, back.encode("  two one  two"));
        assertArrayEquals(new int[0], back.encode(" "));
        assertEquals("two one", back.decode(new int[] {0, 5, 0, 3, 1}));
        assertThrows(IllegalArgumentException.class, () -> back.piece(6));
        assertThrows(IllegalArgumentException.class, () -> Tokens.words(List.of("<blk>")));
    }

    @Test
    void characters() throws Exception {
        Tokens tokens = Tokens.characters(List.of("ab", "b\ud83d\ude00 a"));
        Path file = folder.resolve("tokens.txt");
        tokens.save(folder);
        Tokens back = Tokens.read(file);
        assertEquals(Tokens.Kind.CHARACTER, back.kind());
        assertEquals(7, back.size());
        assertEquals("a b\ud83d\ude00", back.decode(back.encode(" a  b\ud83d\ude00")));
        assertEquals(4, back.encode("a b\ud83d\ude00").length);
        // One word without any space: still characters when read back.
        Tokens.characters(List.of("a")).save(folder);
        assertEquals(Tokens.Kind.CHARACTER, Tokens.read(file).kind());
    }

    @Test
    void unknown() throws Exception {
        Path manifest = Files.writeString(
                folder.resolve("m.jsonl"), "\n{\"audio_filepath\": \"a\", \"duration\": 1, \"text\": \"one foo\"}");
        CorpusUtterance entry = CorpusReader.open(manifest).getFirst();
        Tokens tokens = Tokens.words(List.of("one"));
        assertEquals(
                manifest + ":2: word \"foo\" is not in tokens (4 tokens)",
                assertThrows(BadInputException.class, () -> tokens.encode(entry))
                        .getMessage());
        Path file = folder.resolve("tokens.txt");
        Tokens.characters(List.of("one f")).save(folder);
        assertEquals(
                "character \"x\" is not in tokens " + file + " (8 tokens)",
                assertThrows(BadInputException.class, () -> Tokens.read(file).encode("fox"))
                        .getMessage());
        assertThrows(BadInputException.class, () -> tokens.encode("<blk>"));
    }

    @Test
    void reservedWordInAManifest() throws Exception {
        Path manifest = Files.writeString(
                folder.resolve("m.jsonl"), "{\"audio_filepath\": \"a\", \"duration\": 1, \"text\": \"one <unk>\"}");
        assertEquals(
                manifest + ":1: \"<unk>\" can't be a word: it is reserved",
                assertThrows(BadInputException.class, () -> Tokens.of(Tokens.Kind.WORD, CorpusReader.open(manifest)))
                        .getMessage());
        assertEquals(
                11,
                Tokens.of(Tokens.Kind.CHARACTER, CorpusReader.open(manifest)).size());
    }

    private String refused(String text) throws Exception {
        Path file = file(text);
        String message =
                assertThrows(BadInputException.class, () -> Tokens.read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        return message.substring(file.toString().length());
    }

    @Test
    void badFiles() throws Exception {
        assertEquals(": is empty: no tokens", refused("\n"));
        assertEquals(":2: want \"piece id\", got \"one\"", refused("<blk> 0\none\n"));
        assertEquals(":2: want a number as id, got \"x\"", refused("<blk> 0\none x\n"));
        assertEquals(":2: id must not be negative, got -1", refused("<blk> 0\none -1\n"));
        assertEquals(":3: id 1 appears twice", refused("<blk> 0\none 1\ntwo 1\n"));
        assertEquals(":3: \"one\" appears twice", refused("<blk> 0\none 1\none 2\n"));
        assertEquals(": has 2 tokens but none with id 1; ids must run from 0 on", refused("<blk> 0\none 2\n"));
        assertEquals(":2: id 0 must be <blk>, got one", refused("<blk> 1\none 0\n"));
        assertTrue(refused("<blk> 0\n\u2581the 1\n").contains("sub-word tokens aren't supported"));
        assertThrows(BadInputException.class, () -> Tokens.read(folder.resolve("none")));
    }

    @Test
    void wordsHaveTheirTokens() {
        Tokens words = Tokens.words(List.of("one two"));
        assertEquals(
                List.of(new Tokenizer.Word("two", 0, 1), new Tokenizer.Word("one", 1, 2)),
                words.words(words.encode(" two  one ")));
        Tokens characters = Tokens.characters(List.of("ab"));
        assertEquals(
                List.of(new Tokenizer.Word("ab", 0, 2), new Tokenizer.Word("b", 2, 4)),
                characters.words(characters.encode("ab b")));
        // The space itself, written as it is among characters, makes no word without letters.
        assertEquals(
                List.of(new Tokenizer.Word("a", 0, 2), new Tokenizer.Word("b", 2, 5)),
                characters.words(characters.encode("\u2581a\u2581\u2581b\u2581")));
        assertEquals(List.of(), characters.words(new int[0]));
    }

    @Test
    void unicodesWhiteSpaceSplitsAndIsNoToken() throws Exception {
        String text = "one\u3000two\u00a0one\u2003two\u2028one\u0085two";
        Tokens words = Tokens.words(List.of(text));
        assertEquals(List.of("<blk>", "<sos/eos>", "<unk>", "one", "two"), words.pieces());
        assertArrayEquals(new int[] {3, 4, 3, 4, 3, 4}, words.encode(text));
        Tokens characters = Tokens.characters(List.of(text));
        assertEquals("one two one two one two", characters.decode(characters.encode("\u00a0" + text + "\u3000")));
        for (Tokens tokens : List.of(words, characters)) {
            tokens.save(folder);
            assertEquals(
                    tokens.pieces(), Tokens.read(folder.resolve("tokens.txt")).pieces());
        }
        assertEquals(
                ":2: want \"piece id\", got \"aU+3000b 1\" (U+3000 IDEOGRAPHIC SPACE)",
                refused("<blk> 0\na\u3000b 1\n"));
        assertEquals(
                4,
                Tokens.read(file("\ufeff<blk> 0\n<sos/eos> 1\n<unk> 2\none 3\n"))
                        .size());
    }

    @Test
    void whatNoFileCanHoldIsRefusedByLineAndCodePoint() throws Exception {
        for (String bad : List.of("\\ud83d", "\\u001f", "\\u0000")) {
            Path manifest = Files.writeString(
                    folder.resolve("m.jsonl"),
                    "\n{\"audio_filepath\": \"a\", \"duration\": 1, \"text\": \"one " + bad + "\"}");
            String message = assertThrows(BadInputException.class, () -> CorpusReader.open(manifest))
                    .getMessage();
            assertTrue(message.startsWith(manifest + ":2: \"text\" holds "), message);
            assertTrue(message.contains("U+" + bad.substring(2).toUpperCase(Locale.ROOT)), message);
        }
        assertThrows(IllegalArgumentException.class, () -> Tokens.words(List.of("a\u001fb")));
        assertThrows(IllegalArgumentException.class, () -> Tokens.characters(List.of("\ud83d")));
    }
}
