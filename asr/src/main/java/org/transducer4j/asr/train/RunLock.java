package org.transducer4j.asr.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.OutputFolder;

/**
 * Keeps a folder for one run: a lock of the operating system on a file in it, which ends with the process however that ends. The file
 * holds the process's number, for whoever comes too late.
 */
final class RunLock implements AutoCloseable {
    static final String NAME = ".lock";

    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

    /**
     * Folders that this process holds. A second lock must not even be tried: where locks belong to processes, closing its file would
     * give up the first.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private RunLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes the folder if it isn't there, and locks it.
     *
     * @throws BadInputException if another run holds it, or it can't be made or written
     */
    static RunLock of(Path path) {
        while (true) {
            OutputFolder.make(path);
            try {
                Path folder = path.toRealPath();
                if (!HELD.add(folder)) {
                    throw held(path, "this process (" + ProcessHandle.current().pid() + ")");
                }
                RunLock lock = null;
                try {
                    lock = of(path, folder);
                } finally {
                    if (lock == null) {
                        HELD.remove(folder);
                    }
                }
                if (lock != null) {
                    return lock;
                }
            } catch (NoSuchFileException e) {
                // Its run came to nothing and took the folder away just now.
                LOG.debug("{} is gone", path, e);
            } catch (IOException e) {
                throw BadInputException.unwritable(path, e);
            }
        }
    }

    /** The lock; null if the file was taken away before it was locked. */
    private static @Nullable RunLock of(Path path, Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            Object key = key(file);
            if (!locked(channel, path)) {
                throw held(path, read(channel));
            }
            if (!Objects.equals(key, key(file))) {
                return null;
            }
            channel.truncate(0);
            MetricsFile.write(channel, (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            locked = true;
            return new RunLock(folder, channel);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    /** Which file a name stands for; null where files have no keys. */
    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** Tries to lock a file; says whether it is locked, also where the file system has no locks. */
    private static boolean locked(FileChannel channel, Path path) {
        try {
            return channel.tryLock() != null;
        } catch (IOException e) {
            LOG.warn("{}: can't be locked here ({}): see to it that no other run trains there", path, e.getMessage());
            return true;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return text.isEmpty() ? "another process" : "process " + text;
    }

    private static BadInputException held(Path path, String who) {
        return new BadInputException(
                path + ": " + who
                        + " is training there, and two runs in one folder would damage each other: wait for its end, or end it");
    }

    /** Takes the folder away if there is nothing in it but this lock. */
    void discardFolderIfEmpty() {
        try (Stream<Path> files = Files.list(folder)) {
            if (files.allMatch(file -> file.endsWith(NAME))) {
                Files.deleteIfExists(folder.resolve(NAME));
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            // Somebody put something in it, or somebody's rules protect it: then it stays.
            LOG.debug("{} stays", folder, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(folder);
        }
    }
}
