package org.transducer4j.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that appears as a whole or not at all: it is filled under a hidden name beside its place, then moved there.
 * What a killed run left under the hidden name is cleared away by the next.
 */
public final class NewFolder implements AutoCloseable {
    private final Path place;
    private final Path partial;
    private boolean moved;

    /**
     * @param place where it shall be
     * @param overwrite whether one that holds nothing but {@code ours} may be replaced
     * @param ours names that a folder of this kind holds
     * @throws BadInputException if something else is there, or it can't be written
     */
    public NewFolder(Path place, boolean overwrite, Set<String> ours) {
        this.place = place.toAbsolutePath().normalize();
        Path name = this.place.getFileName();
        Path above = this.place.getParent();
        if (name == null || above == null) {
            throw new BadInputException(place + ": can't be a folder to write");
        }
        this.partial = above.resolve("." + name + ".partial");
        refuseWhatIsThere(place, overwrite, ours);
        try {
            Files.createDirectories(above);
            delete(partial);
            Files.createDirectory(partial);
        } catch (IOException e) {
            throw BadInputException.unwritable(place, e);
        }
    }

    private static void refuseWhatIsThere(Path place, boolean overwrite, Set<String> ours) {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(place)) {
            throw new BadInputException(place + ": is in the way: a file, not a folder");
        }
        List<String> names = names(place);
        if (names.isEmpty()) {
            return;
        }
        if (!overwrite) {
            throw new BadInputException(place + ": exists and isn't empty; it is replaced only on request");
        }
        for (String name : names) {
            if (!ours.contains(name)) {
                throw new BadInputException(
                        place + ": won't be replaced: it holds " + name + ", which doesn't come from such a run");
            }
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new BadInputException(folder + ": can't be listed: " + e.getMessage(), e);
        }
    }

    /** Where to put the files. */
    public Path partial() {
        return partial;
    }

    /** Moves it into its place. */
    public void finish() {
        Path old = partial.resolveSibling(partial.getFileName() + ".old");
        try {
            delete(old);
            if (Files.exists(place)) {
                Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
            delete(old);
        } catch (IOException e) {
            throw BadInputException.unwritable(place, e);
        }
    }

    /** Clears away what wasn't finished. */
    @Override
    public void close() {
        if (!moved) {
            try {
                delete(partial);
            } catch (IOException e) {
                throw BadInputException.unwritable(partial, e);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
