package org.transducer4j.toy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.speech.token.TokenizerProvider;

/** Tokens from outside: words in pieces of two letters, the blank behind all others, and a file of its own with the length of a piece. */
public final class ToyTokens implements TokenizerProvider {
    private static final String FILE = "toy.bin";
    private static final int LENGTH = 2;

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Tokenizer learn(List<CorpusUtterance> utterances) {
        TreeSet<String> found = new TreeSet<>();
        utterances.forEach(utterance -> found.addAll(cut(utterance.text(), LENGTH)));
        List<String> pieces = new ArrayList<>(found);
        pieces.add("<blk>");
        return new Pieces(pieces, LENGTH);
    }

    @Override
    public Tokenizer read(Map<String, byte[]> files, Path where) {
        byte[] own = files.get(FILE);
        if (own == null || own.length != 2 || own[0] != (byte) 0xff) {
            throw new BadInputException(where + ": has no " + FILE + " of 2 bytes");
        }
        List<String> pieces = new String(files.getOrDefault(Tokenizer.TOKENS_FILE, new byte[0]), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        return new Pieces(pieces, own[1]);
    }

    /** Pieces of so many letters; the first of a word begins with {@link Tokenizer#SPACE}. */
    private static List<String> cut(String text, int length) {
        List<String> pieces = new ArrayList<>();
        for (String word : text.isBlank() ? new String[0] : text.strip().split("\\s+")) {
            for (int i = 0; i < word.length(); i += length) {
                pieces.add((i == 0 ? Tokenizer.SPACE : "") + word.substring(i, Math.min(word.length(), i + length)));
            }
        }
        return pieces;
    }

    private record Pieces(List<String> pieces, int length) implements Tokenizer {
        @Override
        public String name() {
            return "toy";
        }

        @Override
        public int blank() {
            return pieces.size() - 1;
        }

        @Override
        public int[] encode(String text) {
            Map<String, Integer> ids = new HashMap<>();
            for (int id = 0; id < blank(); id++) {
                ids.put(pieces.get(id), id);
            }
            return cut(text, length).stream()
                    .mapToInt(piece -> {
                        Integer id = ids.get(piece);
                        if (id == null) {
                            throw new BadInputException("toy piece \"" + piece + "\" wasn't in the training");
                        }
                        return id;
                    })
                    .toArray();
        }

        @Override
        public String decode(int[] tokens) {
            StringBuilder text = new StringBuilder();
            for (int id : tokens) {
                text.append(id == blank() ? "" : piece(id));
            }
            return text.toString().replace(SPACE, " ").strip();
        }

        @Override
        public Map<String, byte[]> files() {
            Map<String, byte[]> files = new HashMap<>(Tokenizer.super.files());
            files.put(FILE, new byte[] {(byte) 0xff, (byte) length});
            return files;
        }
    }
}
