package org.transducer4j.speech.token;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.CodePoints;
import org.transducer4j.speech.Registry;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.corpus.CorpusUtterance;

/** The sorts of tokens that are registered, and the choice between them. */
public final class Tokenizers {
    /** Words or characters, by the number of different words. */
    public static final String AUTO = "auto";
    /** Different words up to which {@value #AUTO} takes words. */
    public static final int AUTO_WORDS = 100;
    /** So many transcripts, or up to twice as many, are tried with a tokenizer that was read back. */
    private static final int TRIED = 1000;

    private Tokenizers() {}

    /**
     * All of them.
     *
     * @return those on the class path and the module path
     */
    public static Registry<TokenizerProvider> registry() {
        return Registry.of("tokenizer", ServiceLoader.load(TokenizerProvider.class), TokenizerProvider::name);
    }

    /**
     * The tokenizer that a user names.
     *
     * @param choice {@value #AUTO}, the name of a provider, or a file: a tokens.txt or one that a provider recognises
     * @param utterances what a model is trained on; one or more
     * @return the tokenizer
     * @throws BadInputException if a transcript can't be written in such tokens, naming its line; if there is neither a provider nor a file
     *     of that name, with those there are
     */
    public static Tokenizer choose(String choice, List<CorpusUtterance> utterances) {
        Registry<TokenizerProvider> registry = registry();
        String name = choice.equals(AUTO) ? auto(utterances).word() : choice;
        if (registry.all().stream().anyMatch(provider -> provider.name().equals(name))) {
            TokenizerProvider provider = registry.find(name);
            Tokenizer learned = checked(provider, provider.learn(utterances));
            return readable(provider, withoutWhiteSpace(learned), utterances);
        }
        Tokenizer found = read(file(choice, registry));
        return readable(registry.find(found.name()), found, utterances);
    }

    private static Tokenizer withoutWhiteSpace(Tokenizer tokenizer) {
        for (String piece : tokenizer.pieces()) {
            if (WhiteSpace.in(piece)) {
                throw new IllegalStateException("tokenizer \"" + tokenizer.name() + "\" has a piece "
                        + CodePoints.quoted(piece) + ": want pieces without white space");
            }
        }
        return tokenizer;
    }

    /** Reads it back as a checkpoint will: before the first step rather than after the last. */
    private static Tokenizer readable(
            TokenizerProvider provider, Tokenizer tokenizer, List<CorpusUtterance> utterances) {
        Tokenizer back = checked(provider, provider.read(tokenizer.files(), Path.of(Tokenizer.TOKENS_FILE)));
        if (back.blank() != tokenizer.blank() || !back.pieces().equals(tokenizer.pieces())) {
            throw unreadable(tokenizer, "its blank or its pieces are others");
        }
        int step = Math.max(1, utterances.size() / TRIED);
        for (int i = 0; i < utterances.size(); i += step) {
            CorpusUtterance utterance = utterances.get(i);
            int[] ids;
            try {
                ids = tokenizer.encode(utterance);
            } catch (BadInputException e) {
                continue; // A file of tokens needn't have everything; whoever encodes all utterances says what is
                // missing.
            }
            if (!Arrays.equals(ids, back.encode(utterance))
                    || !tokenizer.decode(ids).equals(back.decode(ids))) {
                throw unreadable(tokenizer, "the transcript of " + utterance.title() + " has other ids or other text");
            }
        }
        return tokenizer;
    }

    private static IllegalStateException unreadable(Tokenizer tokenizer, String problem) {
        return new IllegalStateException("tokenizer \"" + tokenizer.name()
                + "\" isn't the same when it is read back from its files: " + problem);
    }

    private static Tokens.Kind auto(List<CorpusUtterance> utterances) {
        long words = utterances.stream()
                .flatMap(utterance -> Tokens.split(Tokens.Kind.WORD, utterance.text()).stream())
                .distinct()
                .count();
        return words <= AUTO_WORDS ? Tokens.Kind.WORD : Tokens.Kind.CHARACTER;
    }

    private static Path file(String choice, Registry<TokenizerProvider> registry) {
        Path file;
        try {
            file = Path.of(choice);
        } catch (InvalidPathException e) {
            throw new BadInputException("\"" + choice + "\" is no path: " + e.getReason(), e);
        }
        if (!Files.exists(file)) {
            throw new BadInputException(file + ": no such file, nor a tokenizer of that name; there are: " + AUTO + ", "
                    + registry.names());
        }
        return file;
    }

    /**
     * Reads a file of tokens.
     *
     * @param file a file that a provider recognises, or a tokens.txt of words or characters
     * @return the tokenizer
     * @throws BadInputException naming the file, and the line where there is one
     */
    public static Tokenizer read(Path file) {
        for (TokenizerProvider provider : registry().all()) {
            if (provider.recognises(file)) {
                return checked(provider, provider.read(file));
            }
        }
        return Tokens.read(file);
    }

    /**
     * Reads a tokenizer back from what a checkpoint holds of it.
     *
     * @param name of its provider
     * @param files what {@link Tokenizer#files} gave, by name
     * @param file the checkpoint, which messages name
     * @return the tokenizer
     * @throws BadInputException naming the file, if there is no such provider, or the files aren't whole
     */
    public static Tokenizer read(String name, Map<String, byte[]> files, Path file) {
        TokenizerProvider provider;
        try {
            provider = registry().find(name);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(file + ": " + e.getMessage(), e);
        }
        return checked(provider, provider.read(files, file));
    }

    /** What would otherwise show when a checkpoint is opened again. */
    private static Tokenizer checked(TokenizerProvider provider, Tokenizer tokenizer) {
        if (!tokenizer.name().equals(provider.name())) {
            throw new IllegalStateException("a tokenizer of provider \"" + provider.name() + "\" calls itself \""
                    + tokenizer.name() + "\": a checkpoint of it couldn't be opened");
        }
        if (tokenizer.blank() < 0 || tokenizer.blank() >= tokenizer.size()) {
            throw new IllegalStateException("tokenizer \"" + tokenizer.name() + "\" has its blank at "
                    + tokenizer.blank() + " of " + tokenizer.size() + " symbols");
        }
        for (String piece : tokenizer.pieces()) {
            if (piece.isEmpty()) {
                throw new IllegalStateException("tokenizer \"" + tokenizer.name()
                        + "\" has an empty piece: want pieces at least a character long");
            }
        }
        for (String name : tokenizer.files().keySet()) {
            if (name.isBlank() || !name.equals(String.valueOf(Path.of(name).getFileName())) || name.startsWith(".")) {
                throw new IllegalStateException(
                        "tokenizer \"" + tokenizer.name() + "\" has a file \"" + name + "\": want a plain file name");
            }
        }
        if (!tokenizer.files().containsKey(Tokenizer.TOKENS_FILE)) {
            throw new IllegalStateException(
                    "tokenizer \"" + tokenizer.name() + "\" has no " + Tokenizer.TOKENS_FILE + " among its files");
        }
        return tokenizer;
    }
}
