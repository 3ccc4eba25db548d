package org.transducer4j.speech.audio;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.transducer4j.speech.BadInputException;

/**
 * What the headers of sound files say, kept from one program to the next, so that a corpus is looked at once and not at every start. An entry
 * holds as long as the size and the time of its file stay as they were.
 *
 * <p>It is a help and nothing more: one that is damaged is thrown away, one that can't be written is not written, and nothing is thrown for
 * either. Files are written beside and moved into place, so that any number of programs may use one; what two of them found out at the same
 * moment may be lost for one. It keeps the {@value #MOST} files that were asked for last. Thread-safe.
 */
public final class AudioIndex {
    /** The most files that are kept; fewer in a small heap. */
    public static final int MOST = 400_000;

    /** The environment variable that names the folder for it. */
    public static final String PLACE = "T4J_CACHE";

    private static final Logger LOG = LoggerFactory.getLogger(AudioIndex.class);

    /** Another number where headers are read in another way. */
    private static final String FORMAT = "transducer4j sound headers 1";

    private static final String NAME = "sound-headers";
    private static final int MOST_PATH = 4096;
    private static final int HEAP_BYTES_A_FILE = 2048;
    private static final long LEFT_BEHIND_MILLIS = 3_600_000;

    /** A file that was changed so recently may be changed again without another time or size. */
    private static final long SETTLED_MILLIS = 2000;

    private static final Object SAVING = new Object();

    private record Header(long size, Instant modified, AudioInfo info) {}

    /** The files that were asked for last are at the end. */
    private static final class Headers extends LinkedHashMap<String, Header> {
        private static final long serialVersionUID = 1L;
        private final long most;

        Headers(long most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Header> eldest) {
            return size() > most;
        }
    }

    private final @Nullable Path file;
    private final long most;
    private final Headers entries;
    private boolean changed;

    /** {@code most}: how many files are kept. */
    AudioIndex(@Nullable Path file, long most) {
        this.file = file;
        this.most = most;
        this.entries = file == null ? new Headers(most) : load(file);
    }

    private AudioIndex(@Nullable Path file) {
        this(file, Math.min(MOST, Runtime.getRuntime().maxMemory() / HEAP_BYTES_A_FILE));
    }

    /**
     * The index of the user who runs this program: in the folder that {@value #PLACE} names, else in {@code transducer4j} in the user's
     * cache folder ({@code $XDG_CACHE_HOME}, else {@code ~/.cache}).
     *
     * @return as it was last saved, empty where there is none
     */
    public static AudioIndex ofUser() {
        return new AudioIndex(place(System.getenv(), System.getProperty("user.home", "")));
    }

    /**
     * An index in a file.
     *
     * @param file where it is kept; it need not exist, nor its folder
     * @return as it was last saved, empty where there is none
     */
    public static AudioIndex at(Path file) {
        return new AudioIndex(Objects.requireNonNull(file, "file"));
    }

    /** Where the user's index is; null where the user has no folder. */
    static @Nullable Path place(Map<String, String> environment, String home) {
        try {
            String folder = environment.getOrDefault(PLACE, "");
            if (!folder.isEmpty()) {
                return Path.of(folder, NAME);
            }
            String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
            // The specification of these folders says that a relative path is to be ignored.
            if (!caches.isEmpty() && Path.of(caches).isAbsolute()) {
                return Path.of(caches, "transducer4j", NAME);
            }
            return home.isEmpty() || !Path.of(home).isAbsolute() ? null : Path.of(home, ".cache", "transducer4j", NAME);
        } catch (InvalidPathException e) {
            LOG.debug("no folder for the index of sound headers", e);
            return null;
        }
    }

    /**
     * What the header of a file says: from the index, or from the file, which is then in the index.
     *
     * @param sound a sound file
     * @return as {@link AudioFiles#info} says it
     * @throws BadInputException if the file is missing or isn't such a file
     */
    public AudioInfo info(Path sound) {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(sound, BasicFileAttributes.class);
        } catch (IOException e) {
            throw BadInputException.unreadable(sound, e);
        }
        String path = sound.toAbsolutePath().toString();
        Instant modified = attributes.lastModifiedTime().toInstant();
        synchronized (entries) {
            Header entry = entries.get(path);
            if (entry != null && entry.size == attributes.size() && entry.modified.equals(modified)) {
                return entry.info;
            }
        }
        AudioInfo info = AudioFiles.info(sound);
        if (attributes.isRegularFile()
                && path.length() <= MOST_PATH
                && modified.isBefore(Instant.now().minusMillis(SETTLED_MILLIS))) {
            synchronized (entries) {
                entries.put(path, new Header(attributes.size(), modified, info));
                changed = true;
            }
        }
        return info;
    }

    /** Keeps what was found out for the next program. Does nothing where nothing was, or where it can't be written. */
    public void save() {
        if (file == null) {
            return;
        }
        Headers mine;
        synchronized (entries) {
            if (!changed) {
                return;
            }
            changed = false;
            mine = new Headers(most);
            mine.putAll(entries);
        }
        // Others in this program write the same file.
        synchronized (SAVING) {
            try {
                Path absolute = file.toAbsolutePath();
                Path folder = Objects.requireNonNull(absolute.getParent(), "a file has a folder");
                Files.createDirectories(folder);
                sweep(folder);
                Headers all = load(absolute); // with what others have saved since this was read
                all.putAll(mine);
                write(absolute, folder, all);
            } catch (IOException | RuntimeException e) {
                LOG.debug("the index of sound headers isn't saved", e);
            }
        }
    }

    private static void write(Path file, Path folder, Headers all) throws IOException {
        Path temporary = Files.createTempFile(folder, NAME, ".tmp");
        try {
            try (OutputStream raw = Files.newOutputStream(temporary);
                    DataOutputStream out =
                            new DataOutputStream(new GZIPOutputStream(new BufferedOutputStream(raw), 1 << 14))) {
                out.writeUTF(FORMAT);
                out.writeInt(all.size());
                for (Map.Entry<String, Header> one : all.entrySet()) {
                    Header entry = one.getValue();
                    out.writeUTF(one.getKey());
                    out.writeLong(entry.size);
                    out.writeLong(entry.modified.getEpochSecond());
                    out.writeInt(entry.modified.getNano());
                    out.writeInt(entry.info.sampleRate());
                    out.writeInt(entry.info.channels());
                    out.writeLong(entry.info.samples());
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Takes away what programs left that were killed while they wrote. */
    private static void sweep(Path folder) throws IOException {
        Instant old = Instant.now().minusMillis(LEFT_BEHIND_MILLIS);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, NAME + "*.tmp")) {
            for (Path one : left) {
                if (Files.getLastModifiedTime(one).toInstant().isBefore(old)) {
                    Files.deleteIfExists(one);
                }
            }
        }
    }

    private Headers load(Path file) {
        try (InputStream raw = Files.newInputStream(file);
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(new GZIPInputStream(raw, 1 << 14), 1 << 14))) {
            return read(in);
        } catch (NoSuchFileException _) {
            return new Headers(most);
        } catch (AccessDeniedException e) {
            LOG.debug("the index of sound headers isn't read", e);
        } catch (IOException | RuntimeException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            LOG.warn("{}: this index of sound headers is damaged and thrown away: {}", file, reason);
            discard(file);
        }
        return new Headers(most);
    }

    private Headers read(DataInputStream in) throws IOException {
        String format = in.readUTF();
        if (!format.equals(FORMAT)) {
            throw new IOException("it begins with another word than \"" + FORMAT + "\"");
        }
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("it promises " + count + " files, 0 to " + MOST + " are kept");
        }
        Headers found = new Headers(most);
        for (int i = 0; i < count; i++) {
            String path = in.readUTF();
            long size = in.readLong();
            Instant modified = instant(in.readLong(), in.readInt());
            AudioInfo info = new AudioInfo(in.readInt(), in.readInt(), in.readLong());
            if (path.length() > MOST_PATH
                    || size < 0
                    || info.sampleRate() <= 0
                    || info.channels() <= 0
                    || info.samples() < -1) {
                throw new IOException("entry " + i + " makes no sense");
            }
            found.put(path, new Header(size, modified, info));
        }
        if (in.read() >= 0) { // this also compares the checksum
            throw new IOException("there is more behind its " + count + " files");
        }
        return found;
    }

    private static Instant instant(long seconds, int nanos) throws IOException {
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IOException("a time of " + seconds + " s", e);
        }
    }

    private static void discard(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.debug("the damaged index of sound headers stays", e);
        }
    }
}
