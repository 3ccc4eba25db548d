package org.transducer4j.speech;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file as a whole or not at all: to a temporary name beside it, then moved into place. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes text as UTF-8.
     *
     * @param file where to
     * @param text what
     * @throws BadInputException if it can't be written
     */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sees to it, before any work, that a file can be written.
     *
     * @param file where to
     * @throws BadInputException if it can't: it is a folder, or its folder isn't there or can't be written
     */
    public static void check(Path file) {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new BadInputException(file + ": can't be written: is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(file + ": can't be written: no such folder");
        }
        try {
            // Asking for permissions doesn't tell of disks and folders that take no files.
            Files.delete(Files.createTempFile(folder, ".write", ".tmp"));
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        }
    }

    public static void write(Path file, byte[] bytes) {
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            try {
                Files.write(temporary, bytes);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        }
    }
}
