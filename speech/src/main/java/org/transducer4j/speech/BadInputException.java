package org.transducer4j.speech;

import java.nio.file.Path;

/**
 * A file or a line of one that can't be used. The message is one line for the user: it names the file, the line where
 * there is one, and what was expected and found.
 */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message one line, naming the file
     */
    public BadInputException(String message) {
        super(message);
    }

    /**
     * @param message one line, naming the file
     * @param cause what was thrown underneath
     */
    public BadInputException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * @param file the file at fault
     * @param line its line, from 1
     * @param problem what is wrong there
     * @return the exception, its message {@code file:line: problem}
     */
    public static BadInputException at(Path file, int line, String problem) {
        return new BadInputException(file + ":" + line + ": " + problem);
    }

    /**
     * Puts the place that led here in front of the message: a manifest's line before a sound file's trouble.
     *
     * @param where such as {@code manifest.jsonl:3}
     * @return a new exception, its cause this one
     */
    public BadInputException from(String where) {
        return new BadInputException(where + ": " + getMessage(), this);
    }
}
