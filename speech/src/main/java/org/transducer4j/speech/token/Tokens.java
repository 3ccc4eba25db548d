package org.transducer4j.speech.token;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.CodePoints;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.corpus.CorpusUtterance;

/**
 * The symbols of a model, words or characters, and their ids; read and written as icefall's {@code tokens.txt}: a line
 * {@code piece id} each, {@code <blk>} 0, {@code <sos/eos>} 1, {@code <unk>} 2. Characters are Unicode code points, the
 * space written as {@value #SPACE}; that piece is what tells a file of characters from one of words.
 */
public final class Tokens implements Tokenizer {
    private static final List<String> SPECIAL = List.of("<blk>", "<sos/eos>", "<unk>");

    /** What a token is. */
    public enum Kind {
        /** Words between white space ({@link WhiteSpace}). */
        WORD,
        /** Characters, white space as one space. */
        CHARACTER;

        private String noun() {
            return this == WORD ? "word" : "character";
        }

        /** What users choose it by. */
        String word() {
            return this == WORD ? "word" : "char";
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
            ids.putIfAbsent(this.pieces.get(id), id);
        }
    }

    /**
     * @param transcripts what is said
     * @return their words, sorted
     * @throws IllegalArgumentException if a word is one of the special tokens or holds {@value #SPACE}, or a transcript holds what no text
     *     may ({@link CodePoints#fault})
     */
    public static Tokens words(Collection<String> transcripts) {
        return collect(Kind.WORD, transcripts);
    }

    /**
     * @param transcripts what is said
     * @return their characters, sorted, and the space
     * @throws IllegalArgumentException if a transcript holds what no text may ({@link CodePoints#fault})
     */
    public static Tokens characters(Collection<String> transcripts) {
        return collect(Kind.CHARACTER, transcripts);
    }

    /**
     * @param kind words or characters
     * @param entries their transcripts are used
     * @return the tokens
     * @throws BadInputException if a transcript holds a reserved word or what no text may ({@link CodePoints#fault}), naming its line
     */
    public static Tokens of(Kind kind, Collection<CorpusUtterance> entries) {
        List<String> transcripts = new ArrayList<>();
        for (CorpusUtterance entry : entries) {
            String fault = fault(kind, entry.text());
            if (fault != null) {
                throw new BadInputException(entry.where() + ": " + fault);
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
            String fault = fault(kind, transcript);
            if (fault != null) {
                throw new IllegalArgumentException(fault);
            }
            found.addAll(split(kind, transcript));
        }
        List<String> pieces = new ArrayList<>(SPECIAL);
        pieces.addAll(found);
        return new Tokens(kind, pieces, null);
    }

    /** Why no tokens can be made of a transcript; null where they can. */
    private static @Nullable String fault(Kind kind, String transcript) {
        String fault = CodePoints.fault(transcript);
        if (fault != null) {
            return "its transcript holds " + fault;
        }
        if (kind == Kind.WORD) {
            for (String unit : split(kind, transcript)) {
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
        return parse(TokenizerProvider.bytes(file), file);
    }

    /**
     * @param bytes of a tokens.txt
     * @param file what error messages name
     * @return its tokens
     * @throws BadInputException naming the file and the line
     */
    public static Tokens parse(byte[] bytes, Path file) {
        return of(TokensFile.parse(bytes, file), file);
    }

    private static Tokens of(TokensFile read, Path file) {
        List<String> pieces = read.pieces();
        if (!pieces.getFirst().equals(SPECIAL.getFirst())) {
            throw BadInputException.at(
                    file, read.line(pieces.getFirst()), "id 0 must be <blk>, got " + pieces.getFirst());
        }
        return new Tokens(kindOf(file, read), pieces, file);
    }

    /** The same of a checkpoint, where the kind is known, and the lines are in the order in which they were written. */
    static Tokens parse(Kind kind, Map<String, byte[]> files, Path file) {
        byte[] bytes = files.get(TOKENS_FILE);
        if (bytes == null) {
            throw new BadInputException(file + ": has no " + TOKENS_FILE);
        }
        Tokens tokens = of(TokensFile.written(bytes, file), file);
        if (tokens.kind != kind) {
            throw new BadInputException(file + ": its tokens must be " + kind.noun() + "s, they are "
                    + tokens.kind.noun() + "s: only characters have a piece " + SPACE);
        }
        return tokens;
    }

    private static Kind kindOf(Path file, TokensFile read) {
        List<String> pieces = read.pieces();
        if (pieces.stream().noneMatch(piece -> piece.contains(SPACE))) {
            return Kind.WORD;
        }
        for (String piece : pieces) {
            if (!SPECIAL.contains(piece) && piece.codePointCount(0, piece.length()) > 1) {
                throw BadInputException.at(
                        file,
                        read.line(piece),
                        "\"" + piece + "\" is neither a character nor a whole word; sub-word tokens aren't supported");
            }
        }
        return Kind.CHARACTER;
    }

    @Override
    public String name() {
        return kind.word();
    }

    /**
     * @param text a transcript
     * @return its ids; empty where nothing is said
     * @throws BadInputException naming the first word or character that isn't there
     */
    @Override
    public int[] encode(String text) {
        List<String> units = split(kind, text);
        int[] out = new int[units.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = id(units.get(i));
            if (out[i] < 0) {
                throw new BadInputException(kind.noun() + " " + CodePoints.quoted(units.get(i)) + " is not in tokens "
                        + (file == null ? "" : file + " ") + "(" + size() + " tokens)" + otherForm(text));
            }
        }
        return out;
    }

    private int id(String unit) {
        Integer id = ids.get(unit);
        return id == null || unit.equals(SPECIAL.get(0)) || unit.equals(SPECIAL.get(1)) ? -1 : id;
    }

    private String otherForm(String text) {
        for (Normalizer.Form form : List.of(Normalizer.Form.NFC, Normalizer.Form.NFD)) {
            String other = Normalizer.normalize(text, form);
            if (!other.equals(text) && missing(other).isEmpty()) {
                return ", but it is in Unicode's normal form " + form;
            }
        }
        return "";
    }

    @Override
    public List<String> missing(String text) {
        return split(kind, text).stream().filter(unit -> id(unit) < 0).toList();
    }

    /**
     * @return of words the id of {@code <unk>}, where there is one; none of characters: without them nobody can read what is recognised
     */
    @Override
    public OptionalInt unknown() {
        Integer id = kind == Kind.WORD ? ids.get(SPECIAL.get(2)) : null;
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public int[] encodeWithUnknown(String text) {
        OptionalInt unknown = unknown();
        return unknown.isEmpty()
                ? encode(text)
                : split(kind, text).stream()
                        .mapToInt(unit -> id(unit) < 0 ? unknown.getAsInt() : id(unit))
                        .toArray();
    }

    /**
     * @param tokens ids
     * @return the words that they make up; a space belongs to the word behind it
     */
    @Override
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
    @Override
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
        return kind == Kind.WORD ? out.toString() : WhiteSpace.strip(out.toString());
    }

    /**
     * @return words or characters
     */
    public Kind kind() {
        return kind;
    }

    @Override
    public List<String> pieces() {
        return pieces;
    }

    static List<String> split(Kind kind, String text) {
        List<String> words = WhiteSpace.words(text);
        if (kind == Kind.WORD) {
            return words;
        }
        return String.join(SPACE, words)
                .codePoints()
                .mapToObj(Character::toString)
                .toList();
    }
}
