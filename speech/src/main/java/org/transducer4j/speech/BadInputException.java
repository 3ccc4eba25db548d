package org.transducer4j.speech;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

    /**
     * @param file that can't be read
     * @param e why, as the system says it
     * @return the exception, its message says it in plain words
     */
    public static BadInputException unreadable(Path file, IOException e) {
        String reason = switch (e) {
            case NoSuchFileException missing -> "no such file";
            case AccessDeniedException denied -> "permission denied";
            case CharacterCodingException coding -> "isn't UTF-8 text";
            default -> Files.isDirectory(file) ? "is a folder" : "can't be read: " + e.getMessage();
        };
        return new BadInputException(file + ": " + reason, e);
    }

    /**
     * @param file file or folder that can't be written
     * @param e why, as the system says it
     * @return the exception, its message says it in plain words
     */
    public static BadInputException unwritable(Path file, IOException e) {
        String reason = switch (e) {
            case NoSuchFileException missing ->
                inFolder(file) ? "no file can be made in its folder" : "its folder doesn't exist";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> exists.getFile() + " is a file that is in the way";
            // The reason alone: the rest of the message is a temporary name.
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
        return new BadInputException(file + ": can't be written: " + reason, e);
    }

    private static boolean inFolder(Path file) {
        Path above = file.toAbsolutePath().getParent();
        return above != null && Files.isDirectory(above);
    }
}
