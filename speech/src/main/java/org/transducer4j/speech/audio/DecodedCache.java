package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.Supplier;

/**
 * Decoded files, the most recently used ones, at most an eighth of the heap and 256 MiB. A file that has changed on
 * disk (time or size) is decoded again.
 */
final class DecodedCache {
    private static final long LIMIT_BYTES =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

    private record Key(Path file, long size, long modified) {}

    private static final LinkedHashMap<Key, Audio> DECODED = new LinkedHashMap<>(16, 0.75f, true);
    private static long bytes;

    private DecodedCache() {}

    /** Decoding happens under the lock: another thread that wants the same file would otherwise decode it again. */
    static synchronized Audio get(Path file, Supplier<Audio> decode) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Key key = new Key(
                file.toAbsolutePath(),
                attributes.size(),
                attributes.lastModifiedTime().toMillis());
        Audio cached = DECODED.get(key);
        if (cached != null) {
            return cached;
        }
        Audio audio = decode.get();
        bytes += 4L * audio.samples().length;
        DECODED.put(key, audio);
        Iterator<Audio> oldest = DECODED.values().iterator();
        while (bytes > LIMIT_BYTES && oldest.hasNext()) {
            bytes -= 4L * oldest.next().samples().length;
            oldest.remove();
        }
        return audio;
    }
}
