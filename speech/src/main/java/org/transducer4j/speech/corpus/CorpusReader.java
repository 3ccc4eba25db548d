package org.transducer4j.speech.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.transducer4j.speech.Registry;

/**
 * Reads one form of corpora: the door for forms that aren't here yet. To add one is to write its class and to register it
 * ({@link java.util.ServiceLoader}); {@link #open} then finds it, wherever a command or a training takes a manifest.
 *
 * <p>Implementations have a public constructor without arguments. What is wrong with a corpus they say in a
 * {@link org.transducer4j.speech.BadInputException} that names file and line; an {@link IOException} is made one that names the path.
 */
public interface CorpusReader {
    /**
     * What users call the form.
     *
     * @return a lower-case word, such as {@code nemo}
     */
    String name();

    /**
     * Whether a corpus is of this form, by what is there.
     *
     * @param path a file or a folder
     * @return whether this reader reads it
     * @throws IOException if it can't be read
     */
    boolean recognises(Path path) throws IOException;

    /**
     * Reads the utterances; the sound files aren't touched.
     *
     * @param path a file or a folder that was recognised
     * @return its utterances, in its order
     * @throws IOException if it can't be read
     */
    List<CorpusUtterance> read(Path path) throws IOException;

    /**
     * Reads a corpus of whatever form: this library's readers are asked first whether it is theirs, then those of others, in the order of
     * {@link java.util.ServiceLoader}. A file that nobody knows is read as a {@link NemoManifest}, which says what is wrong with it.
     *
     * @param path a file or a folder
     * @return its utterances, in its order; never empty
     * @throws org.transducer4j.speech.BadInputException naming the file, and the line where there is one
     */
    static List<CorpusUtterance> open(Path path) {
        return CorpusReaders.open(path);
    }

    /**
     * The forms that can be read.
     *
     * @return a reader for each
     */
    static Registry<CorpusReader> readers() {
        return CorpusReaders.registry();
    }
}
