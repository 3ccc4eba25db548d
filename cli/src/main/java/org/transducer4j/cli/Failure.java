package org.transducer4j.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;

/**
 * What an exception means to the user: one line, and an exit code.
 *
 * @param message the line
 * @param exitCode of the process
 */
record Failure(String message, int exitCode) {
    /** Bad input in a line; anything unexpected with its stack trace in a file. */
    static Failure of(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        String message = inputProblem(cause);
        if (message != null) {
            return new Failure(oneLine(message), ExitCode.BAD_INPUT);
        }
        return new Failure(oneLine(internalProblem(cause)), ExitCode.INTERNAL);
    }

    static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof UncheckedIOException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static @Nullable String inputProblem(Throwable cause) {
        return switch (cause) {
            case BadInputException e -> e.getMessage();
            case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
            case FileSystemException e -> e.getFile() == null ? e.getMessage() : e.getFile() + ": " + reason(e);
            case FileNotFoundException e -> e.getMessage();
            case IOException e when e.getMessage() != null -> e.getMessage();
            default -> null;
        };
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "is no folder";
            case FileAlreadyExistsException _ -> "is in the way: something else of that name exists";
            case DirectoryNotEmptyException _ -> "is a folder with something in it";
            default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        };
    }

    private static String internalProblem(Throwable cause) {
        String what = cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
        if (cause instanceof OutOfMemoryError) {
            return what + ". Give the JVM more with T4J_JVM_FLAGS=-Xmx..., or the batch less audio";
        }
        if (cause instanceof LinkageError) {
            return what + ". A library doesn't load here; t4j doctor says more";
        }
        try {
            Path file = Files.createTempFile("t4j-", ".txt");
            Files.writeString(file, stackTrace(cause));
            return "internal error: " + what + " (stack trace in " + file + ")";
        } catch (IOException e) {
            return "internal error: " + what + " (--verbose shows the stack trace)";
        }
    }
}
