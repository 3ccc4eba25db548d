package org.transducer4j.speech.token;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WholeFile;
import org.transducer4j.speech.corpus.ManifestEntry;
import org.transducer4j.speech.internal.Require;

/**
 * The symbols of a model, words or characters, and their ids; read and written as icefall's {@code tokens.txt}: a line
 * {@code piece id} each, {@code <blk>} 0, {@code <sos/eos>} 1, {@code <unk>} 2. Characters are Unicode code points, the
 * space written as {@value #SPACE}; that piece is what tells a file of characters from one of words.
 */
public final class Tokens {
    /** How the space is written among characters. */
    public static final String SPACE = "\u2581";

    private static final List<String> SPECIAL = List.of("<blk>", "<sos/eos>", "<unk>");

    /** What a token is. */
    public enum Kind {
        /** Words between white space. */
        WORD,
        /** Characters, white space as one space. */
        CHARACTER;

        private String noun() {
            return this == WORD ? "word" : "character";
        }
    }

    private final Kind kind;
    private final List<String> pieces;
    private final Map<String, Integer> ids = new HashMap<>();
    private final @Nullable Path file;

    private Tokens(Kind kind, List<String> pieces, @Nullable Path file) {
        this.kind = kind;
        this.pieces = List.copyOf(pieces);
        this.file = file;
        for (int id = 0; id < this.pieces.size(); id++) {
            ids.put(this.pieces.get(id), id);
        }
    }

    /**
     * @param transcripts what is said
     * @return their words, sorted
     * @throws IllegalArgumentException if a word is one of the special tokens or holds {@value #SPACE}
     */
    public static Tokens words(Collection<String> transcripts) {
        return collect(Kind.WORD, transcripts);
    }

    /**
     * @param transcripts what is said
     * @return their characters, sorted, and the space
     */
    public static Tokens characters(Collection<String> transcripts) {
        return collect(Kind.CHARACTER, transcripts);
    }

    /**
     * @param kind words or characters
     * @param entries their transcripts are used
     * @return the tokens
     * @throws BadInputException if a transcript holds a reserved word, naming its line
     */
    public static Tokens of(Kind kind, Collection<ManifestEntry> entries) {
        List<String> transcripts = new ArrayList<>();
        for (ManifestEntry entry : entries) {
            String reserved = reserved(split(kind, entry.text()), kind);
            if (reserved != null) {
                throw new BadInputException(entry.where() + ": " + reserved);
            }
            transcripts.add(entry.text());
        }
        return collect(kind, transcripts);
    }

    private static Tokens collect(Kind kind, Collection<String> transcripts) {
        TreeSet<String> found = new TreeSet<>();
        if (kind == Kind.CHARACTER) {
            found.add(SPACE);
        }
        for (String transcript : transcripts) {
            List<String> units = split(kind, transcript);
            String reserved = reserved(units, kind);
            if (reserved != null) {
                throw new IllegalArgumentException(reserved);
            }
            found.addAll(units);
        }
        List<String> pieces = new ArrayList<>(SPECIAL);
        pieces.addAll(found);
        return new Tokens(kind, pieces, null);
    }

    private static @Nullable String reserved(List<String> units, Kind kind) {
        if (kind == Kind.WORD) {
            for (String unit : units) {
                if (SPECIAL.contains(unit) || unit.contains(SPACE)) {
                    return "\"" + unit + "\" can't be a word: it is reserved";
                }
            }
        }
        return null;
    }

    /**
     * @param file a tokens.txt of words or characters
     * @return its tokens
     * @throws BadInputException naming the file and the line
     */
    public static Tokens read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": isn't UTF-8 text", e);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
        return parse(lines, file);
    }

    /**
     * @param lines of a tokens.txt, as {@link #lines} gives them
     * @param file what error messages name
     * @return its tokens
     * @throws BadInputException naming the file and the line
     */
    public static Tokens parse(List<String> lines, Path file) {
        Map<Integer, String> byId = new HashMap<>();
        Map<String, Integer> lineOf = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                line(file, i + 1, lines.get(i), byId, lineOf);
            }
        }
        if (byId.isEmpty()) {
            throw new BadInputException(file + ": is empty: no tokens");
        }
        List<String> pieces = new ArrayList<>();
        for (int id = 0; id < byId.size(); id++) {
            String piece = byId.get(id);
            if (piece == null) {
                throw new BadInputException(
                        file + ": has " + byId.size() + " tokens but none with id " + id + "; ids must run from 0 on");
            }
            pieces.add(piece);
        }
        if (!pieces.getFirst().equals(SPECIAL.getFirst())) {
            throw BadInputException.at(
                    file, lineOf.getOrDefault(pieces.getFirst(), 1), "id 0 must be <blk>, got " + pieces.getFirst());
        }
        return new Tokens(kindOf(file, pieces, lineOf), pieces, file);
    }

    private static void line(
            Path file, int number, String line, Map<Integer, String> byId, Map<String, Integer> lineOf) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length != 2) {
            throw BadInputException.at(file, number, "want \"piece id\", got \"" + line.strip() + "\"");
        }
        int id;
        try {
            id = Integer.parseInt(fields[1]);
        } catch (NumberFormatException e) {
            throw BadInputException.at(file, number, "want a number as id, got \"" + fields[1] + "\"");
        }
        if (id < 0) {
            throw BadInputException.at(file, number, "id must not be negative, got " + id);
        }
        if (byId.putIfAbsent(id, fields[0]) != null) {
            throw BadInputException.at(file, number, "id " + id + " appears twice");
        }
        if (lineOf.putIfAbsent(fields[0], number) != null) {
            throw BadInputException.at(file, number, "\"" + fields[0] + "\" appears twice");
        }
    }

    private static Kind kindOf(Path file, List<String> pieces, Map<String, Integer> lineOf) {
        if (pieces.stream().noneMatch(piece -> piece.contains(SPACE))) {
            return Kind.WORD;
        }
        for (String piece : pieces) {
            if (!SPECIAL.contains(piece) && piece.codePointCount(0, piece.length()) > 1) {
                throw BadInputException.at(
                        file,
                        lineOf.getOrDefault(piece, 1),
                        "\"" + piece + "\" is neither a character nor a whole word; sub-word tokens aren't supported");
            }
        }
        return Kind.CHARACTER;
    }

    /**
     * Writes tokens.txt. The file appears as a whole or not at all.
     *
     * @param path where to
     * @throws BadInputException if it can't be written
     */
    public void write(Path path) {
        WholeFile.write(path, String.join("\n", lines()) + "\n");
    }

    /**
     * @return the lines of tokens.txt
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int id = 0; id < pieces.size(); id++) {
            lines.add(pieces.get(id) + " " + id);
        }
        return lines;
    }

    /**
     * @param text a transcript
     * @return its ids; empty where nothing is said
     * @throws BadInputException naming the first word or character that isn't there
     */
    public int[] encode(String text) {
        List<String> units = split(kind, text);
        int[] out = new int[units.size()];
        for (int i = 0; i < out.length; i++) {
            String unit = units.get(i);
            Integer id = ids.get(unit);
            if (id == null || unit.equals(SPECIAL.get(0)) || unit.equals(SPECIAL.get(1))) {
                throw new BadInputException(kind.noun() + " \"" + unit + "\" is not in tokens "
                        + (file == null ? "" : file + " ") + "(" + size() + " tokens)");
            }
            out[i] = id;
        }
        return out;
    }

    /**
     * @param entry its transcript is used
     * @return its ids
     * @throws BadInputException naming the manifest's line and the first word or character that isn't there
     */
    public int[] encode(ManifestEntry entry) {
        try {
            return encode(entry.text());
        } catch (BadInputException e) {
            throw e.from(entry.where());
        }
    }

    /**
     * A word and its tokens.
     *
     * @param text how it is written
     * @param from the first of its tokens; a space belongs to the word behind it
     * @param to the last, plus 1
     */
    public record Word(String text, int from, int to) {}

    /**
     * @param tokens ids
     * @return the words that they make up
     */
    public List<Word> words(int[] tokens) {
        List<Word> words = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 0; i < tokens.length; i++) {
            String piece = piece(tokens[i]);
            boolean space = piece.equals(SPACE);
            if (!text.isEmpty() && (kind == Kind.WORD || space)) {
                words.add(new Word(text.toString(), from, i));
                text.setLength(0);
                from = i;
            }
            text.append(space ? "" : piece);
        }
        if (!text.isEmpty()) {
            words.add(new Word(text.toString(), from, tokens.length));
        }
        return words;
    }

    /**
     * @param tokens ids
     * @return the text: words with single spaces, or characters; blanks and ends are left out
     */
    public String decode(int[] tokens) {
        StringBuilder out = new StringBuilder();
        for (int id : tokens) {
            String piece = piece(id);
            if (piece.equals(SPECIAL.get(0)) || piece.equals(SPECIAL.get(1))) {
                continue;
            }
            if (kind == Kind.WORD && !out.isEmpty()) {
                out.append(' ');
            }
            out.append(piece.equals(SPACE) ? " " : piece);
        }
        return kind == Kind.WORD ? out.toString() : out.toString().strip();
    }

    /**
     * @return words or characters
     */
    public Kind kind() {
        return kind;
    }

    /**
     * @return V, the number of symbols, blank among them
     */
    public int size() {
        return pieces.size();
    }

    /**
     * @return the blank's id: 0
     */
    public int blank() {
        return 0;
    }

    /**
     * @param id in [0, size)
     * @return how it is written
     */
    public String piece(int id) {
        Require.that(id >= 0 && id < pieces.size(), "token id %d is outside of [0, %d)", id, pieces.size());
        return pieces.get(id);
    }

    /**
     * @return all pieces, by id
     */
    public List<String> pieces() {
        return pieces;
    }

    private static List<String> split(Kind kind, String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return List.of();
        }
        if (kind == Kind.WORD) {
            return List.of(stripped.split("\\s+"));
        }
        return stripped.replaceAll("\\s+", SPACE)
                .codePoints()
                .mapToObj(Character::toString)
                .toList();
    }
}
