package org.transducer4j.speech.token;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.WholeFile;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.internal.Require;

/**
 * The symbols of a model, and transcripts written in them: the door for other tokens than words and characters. To add one is to write its
 * class and a {@link TokenizerProvider} that makes it. Tokenizers don't change and are used by many threads at once.
 */
public interface Tokenizer {
    /** How a space is written among pieces. */
    String SPACE = "\u2581";

    /** The file that every tokenizer has. */
    String TOKENS_FILE = "tokens.txt";

    /**
     * What users call tokens of this sort; a checkpoint keeps it, so that the tokenizer can be read back.
     *
     * @return the name of its provider, such as {@code word}
     */
    String name();

    /**
     * Writes a transcript in tokens.
     *
     * @param text a transcript
     * @return ids in [0, V), blank not among them; empty where nothing is said
     * @throws BadInputException if it can't be written in these tokens, naming what is in the way
     */
    int[] encode(String text);

    /**
     * What of a transcript there are no tokens for.
     *
     * @param text a transcript
     * @return its words or characters, or whatever else the tokenizer looks up, that {@link #encode(String)} would refuse, each as often as
     *     it is there; nothing unless a tokenizer says otherwise
     */
    default List<String> missing(String text) {
        return List.of();
    }

    /**
     * The token that stands for what is missing where that needn't be recognised: in the transcripts of a validation.
     *
     * @return its id; none unless a tokenizer says otherwise
     */
    default OptionalInt unknown() {
        return OptionalInt.empty();
    }

    /**
     * Writes a transcript with {@link #unknown} in the place of each that is {@link #missing}.
     *
     * @param text a transcript
     * @return ids in [0, V), blank not among them
     * @throws BadInputException if it can't be written in these tokens, and there is none for what is unknown
     */
    default int[] encodeWithUnknown(String text) {
        return encode(text);
    }

    /**
     * The text of tokens.
     *
     * @param tokens ids
     * @return words with single spaces between them; blanks are left out
     */
    String decode(int[] tokens);

    /**
     * How each symbol is written.
     *
     * @return V pieces without white space ({@link WhiteSpace}), by id, blank among them
     */
    List<String> pieces();

    /**
     * The files that hold it: all that is needed to read it back ({@link TokenizerProvider#read(Map, Path)}). A checkpoint keeps them
     * within itself, and {@link #save} writes them.
     *
     * @return bytes by file name, {@value #TOKENS_FILE} among them: it has a line {@code piece id} each, in icefall's form, and is enough
     *     where the pieces say all. A tokenizer with more to say adds files
     */
    default Map<String, byte[]> files() {
        return Map.of(TOKENS_FILE, TokensFile.bytes(pieces()));
    }

    /**
     * Number of symbols.
     *
     * @return V, blank among them
     */
    default int size() {
        return pieces().size();
    }

    /**
     * The blank's id.
     *
     * @return 0, unless a tokenizer says otherwise
     */
    default int blank() {
        return 0;
    }

    /**
     * How a symbol is written.
     *
     * @param id in [0, V)
     * @return its piece
     * @throws IllegalArgumentException if there is none of that id
     */
    default String piece(int id) {
        Require.that(id >= 0 && id < size(), "token id %d is outside of [0, %d)", id, size());
        return pieces().get(id);
    }

    /**
     * Writes its files ({@link #files}). A file appears as a whole or not at all.
     *
     * @param folder where to
     * @throws BadInputException if a file can't be written
     */
    default void save(Path folder) {
        files().forEach((name, bytes) -> WholeFile.write(folder.resolve(name), bytes));
    }

    /**
     * Writes an utterance's transcript in tokens.
     *
     * @param utterance its transcript is used
     * @return ids in [0, V), blank not among them; empty where nothing is said
     * @throws BadInputException naming the utterance's line and what can't be written in these tokens
     */
    default int[] encode(CorpusUtterance utterance) {
        int[] ids;
        try {
            ids = encode(utterance.text());
        } catch (BadInputException e) {
            throw e.from(utterance.where());
        }
        for (int id : ids) {
            if (id < 0 || id >= size() || id == blank()) {
                throw new BadInputException(utterance.where() + ": tokenizer \"" + name() + "\" gives id " + id
                        + " for its transcript; want ids in [0, " + size() + ") without the blank's, " + blank());
            }
        }
        return ids;
    }

    /**
     * A word and its tokens.
     *
     * @param text how it is written
     * @param from the first of its tokens
     * @param to the last, plus 1
     */
    record Word(String text, int from, int to) {}

    /**
     * The words that tokens make up, each from the token with which its text begins to the next word's; what is in front of the first is
     * the first's. Words that one token begins together are one.
     *
     * @param tokens ids
     * @return words in their order; none where nothing is said
     */
    default List<Word> words(int[] tokens) {
        List<String> all = WhiteSpace.words(decode(tokens));
        List<Word> words = new ArrayList<>();
        int from = 0;
        int done = 0;
        int begun = 0;
        for (int i = 0; i < tokens.length; i++) {
            String text = decode(Arrays.copyOf(tokens, i + 1));
            int now = Math.min(all.size(), WhiteSpace.words(text).size());
            if (now > begun) {
                if (begun > 0) {
                    words.add(new Word(String.join(" ", all.subList(done, begun)), from, i));
                    from = i;
                    done = begun;
                }
                begun = now;
            }
        }
        if (begun > 0) {
            words.add(new Word(String.join(" ", all.subList(done, all.size())), from, tokens.length));
        }
        return words;
    }
}
