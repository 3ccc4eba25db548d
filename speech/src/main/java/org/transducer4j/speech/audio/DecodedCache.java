package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decoded files, the most recently used ones. A file is decoded once, by the first thread that asks; the others wait for that file only. What is
 * kept and what is being decoded never take more than the limit together: who finds no room waits until another is done. A file that has
 * changed on disk (time or size) is decoded again.
 */
final class DecodedCache {
    /** Which file, and which state of it. */
    record Key(Path file, long size, FileTime modified) {
        static Key of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Key(file.toAbsolutePath(), attributes.size(), attributes.lastModifiedTime());
        }
    }

    /** Decodes a file. */
    interface Decode {
        Audio get() throws IOException;
    }

    private static final class Entry {
        private final CompletableFuture<Audio> audio = new CompletableFuture<>();
        private final long bytes;

        Entry(long bytes) {
            this.bytes = bytes;
        }
    }

    private final long limitBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    DecodedCache(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Whether a file of so many samples may be kept. */
    boolean fits(long samples) {
        return samples <= limitBytes / Float.BYTES;
    }

    /** How much is kept and being decoded, in bytes. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** A file that is kept already, or null. */
    @Nullable
    Audio kept(Key key) {
        lock.lock();
        try {
            Entry entry = entries.get(key);
            return entry != null && entry.audio.state() == CompletableFuture.State.SUCCESS
                    ? entry.audio.resultNow()
                    : null;
        } finally {
            lock.unlock();
        }
    }

    /** The file of a key, decoded now if nobody did so before; {@code samples} as many as it has, which {@link #fits}. */
    Audio get(Key key, long samples, Decode decode) throws IOException {
        Entry mine = new Entry(samples * Float.BYTES);
        Entry first = enter(key, mine);
        if (first != mine) {
            return await(first);
        }
        try {
            Audio audio = decode.get();
            mine.audio.complete(audio);
            return audio;
        } catch (Throwable t) {
            mine.audio.completeExceptionally(t);
            leave(key, mine);
            throw t;
        } finally {
            signal();
        }
    }

    private Entry enter(Key key, Entry mine) {
        lock.lock();
        try {
            while (true) {
                Entry entry = entries.get(key);
                if (entry != null) {
                    return entry;
                }
                if (makeRoom(mine.bytes)) {
                    entries.put(key, mine);
                    bytes += mine.bytes;
                    return mine;
                }
                room.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Throws out the files used longest ago until there is room; not those that are being decoded. */
    private boolean makeRoom(long wanted) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes + wanted > limitBytes && oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.audio.isDone()) {
                bytes -= entry.bytes;
                oldest.remove();
            }
        }
        return bytes + wanted <= limitBytes;
    }

    private void leave(Key key, Entry mine) {
        lock.lock();
        try {
            if (entries.remove(key, mine)) {
                bytes -= mine.bytes;
            }
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static Audio await(Entry entry) throws IOException {
        try {
            return entry.audio.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case Error error -> throw error;
                case null, default -> throw e;
            }
        }
    }
}
