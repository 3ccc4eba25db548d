package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads one format of sound files: the door for formats that aren't here yet. To add one is to write its class and to register it
 * ({@link java.util.ServiceLoader}); {@link AudioFiles} then finds it wherever sound is read.
 *
 * <p>Implementations have a public constructor without arguments and are used by many threads at once. What is wrong with a file they say
 * in a {@link org.transducer4j.speech.BadInputException} that names it; an {@link IOException} is made one.
 */
public interface AudioReader {
    /** Bytes of a file that {@link #recognises} is given; fewer where there are fewer. */
    int HEAD_BYTES = 64;

    /**
     * What users call the format.
     *
     * @return a lower-case word, such as {@code flac}
     */
    String name();

    /**
     * Whether a file is of this format: by what is in it where the format has a mark, else by its name.
     *
     * @param file the file, which exists and isn't empty
     * @param head its first bytes, {@value #HEAD_BYTES} at most
     * @return whether this reader reads it
     * @throws IOException if the file can't be read
     */
    boolean recognises(Path file, byte[] head) throws IOException;

    /**
     * What the header says; no samples are read.
     *
     * @param file a file that was recognised
     * @return rate, channels and samples
     * @throws IOException if the file can't be read
     */
    AudioInfo info(Path file) throws IOException;

    /**
     * Reads a part of a file. A reader that has decoded all of it cuts the part out by {@link AudioPart#cut}; one that can go to a place
     * asks {@link AudioPart#range}. Both refuse what lies behind the end.
     *
     * @param file a file that was recognised
     * @param part of it
     * @return the sound at the file's own rate, channels averaged
     * @throws IOException if the file can't be read
     */
    Audio read(Path file, AudioPart part) throws IOException;
}
