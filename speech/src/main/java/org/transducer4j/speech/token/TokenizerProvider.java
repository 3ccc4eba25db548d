package org.transducer4j.speech.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusUtterance;

/**
 * Makes tokenizers of one sort, from transcripts or from what was kept of one. It is registered ({@link java.util.ServiceLoader}); then
 * {@code t4j train --tokens NAME} chooses it, and checkpoints of such models open. It has a public constructor without arguments.
 */
public interface TokenizerProvider {
    /**
     * What users call it.
     *
     * @return a lower-case word, such as {@code char}; not {@code auto}
     */
    String name();

    /**
     * Makes the tokenizer of a corpus.
     *
     * @param utterances what a model is trained on; one or more
     * @return tokens for their transcripts
     * @throws BadInputException if a transcript can't be written in such tokens, naming its line
     */
    Tokenizer learn(List<CorpusUtterance> utterances);

    /**
     * Reads a tokenizer back.
     *
     * @param files what {@link Tokenizer#files} gave, by name
     * @param where the checkpoint or file that holds them, which messages name
     * @return the tokenizer
     * @throws BadInputException naming where they are if they aren't whole
     */
    Tokenizer read(Map<String, byte[]> files, Path where);

    /**
     * Whether a file holds such a tokenizer: {@code t4j train --tokens FILE} then takes it by {@link #read(Path)}.
     *
     * @param file a file
     * @return false, unless a provider has files of its own
     */
    default boolean recognises(Path file) {
        return false;
    }

    /**
     * Reads a tokenizer from a file of its own.
     *
     * @param file a file that was recognised
     * @return the tokenizer
     * @throws BadInputException naming the file and what is wrong with it
     */
    default Tokenizer read(Path file) {
        return read(Map.of(String.valueOf(file.getFileName()), bytes(file)), file);
    }

    /**
     * All of a file.
     *
     * @param file a file
     * @return its bytes
     * @throws BadInputException if it can't be read, naming it
     */
    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }
}
