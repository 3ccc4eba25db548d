package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * FLAC files, also with an ID3 tag in front.
 *
 * <p>Where half of a file or more is asked for, all of it is decoded, so that its samples can be checked against the length and the MD5 sum in
 * its header; what is asked for is kept. Where less is asked for, the file is decoded and checked as a whole, too, and kept in a small cache,
 * since a corpus with many clips in one file asks for its neighbours next. A file that is too large for the cache, or much longer than its
 * bytes make likely, is decoded only where the part lies: then the checksums and numbers of these frames are checked, and nothing else.
 */
public final class Flac implements AudioReader {
    /** Speech takes a byte a sample, digital silence next to none. */
    private static final int MOST_SAMPLES_A_BYTE = 64;

    private static final DecodedCache CACHE =
            new DecodedCache(Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8));

    /** For {@link java.util.ServiceLoader}. */
    public Flac() {}

    @Override
    public String name() {
        return "flac";
    }

    @Override
    public boolean recognises(Path file, byte[] head) throws IOException {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("ID3")) {
            return text.startsWith("fLaC");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return FlacStream.afterId3(channel) > 0;
        }
    }

    /** {@inheritDoc} Where the header doesn't state the length, the number of the last frame says it; where that doesn't, the file is decoded. */
    @Override
    public AudioInfo info(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            FlacStream stream = FlacStream.read(file, channel);
            return new AudioInfo(stream.sampleRate(), stream.channels(), samples(file, channel, stream));
        }
    }

    @Override
    public Audio read(Path file, AudioPart part) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            FlacStream stream = FlacStream.read(file, channel);
            DecodedCache.Key key = DecodedCache.Key.of(file);
            @Nullable Audio kept = CACHE.kept(key);
            long samples = kept != null ? kept.samples().length : samples(file, channel, stream);
            AudioPart.Range range = part.range(file, stream.sampleRate(), samples);
            if (kept == null) {
                // Who reads most of a file won't come back for its other parts.
                if (range.end() - range.begin() >= samples - samples / 2) {
                    return FlacDecoder.all(file, channel, stream, samples, range.begin(), range.end());
                }
                if (!CACHE.fits(samples) || samples > MOST_SAMPLES_A_BYTE * key.size()) {
                    return FlacDecoder.part(file, channel, stream, range.begin(), range.end());
                }
                kept = CACHE.get(key, samples, () -> FlacDecoder.all(file, channel, stream, samples, 0, samples));
            }
            // A copy in any case: others will be given the one that is kept.
            return new Audio(
                    Arrays.copyOfRange(kept.samples(), (int) range.begin(), (int) range.end()), kept.sampleRate());
        }
    }

    private static long samples(Path file, FileChannel channel, FlacStream stream) throws IOException {
        return stream.samples() > 0 ? stream.samples() : FlacDecoder.count(file, channel, stream);
    }
}
