package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;

/**
 * FLAC (RFC 9639), native framing, any subframe type, 4 to 32 bits, up to 8 channels.
 *
 * <p>Strict where players are lenient, since a damaged file in a corpus should be named and not trained on: {@link #all} wants the checksums
 * of each frame, the number of samples and the MD5 sum in STREAMINFO to agree. {@link #part} goes to where a part lies and sees nothing but
 * its frames: their checksums and numbers must be right, of the rest of the file nothing is known.
 *
 * <p>Memory is taken for the samples that are wanted and found, a frame and a window of the file, whatever the header says.
 */
final class FlacDecoder {
    private static final int WINDOW = 1 << 20;
    private static final int SEEK_WINDOW = 1 << 16;

    private final Path file;
    private final FlacFrames frames;
    private final FlacStream stream;
    private final long from;
    private final long to;
    private float[] mono = new float[0];
    private int filled;
    private long decoded;
    private byte[] interleaved = new byte[0];

    private FlacDecoder(Path file, FlacFrames frames, long from, long to) {
        this.file = file;
        this.frames = frames;
        this.stream = frames.stream();
        this.from = from;
        this.to = to;
    }

    /** Decodes a whole file and checks all of it; samples [from, to) of its {@code count} are kept, its channels averaged. */
    static Audio all(Path file, FileChannel channel, FlacStream stream, long count, long from, long to)
            throws IOException {
        FlacDecoder decoder = new FlacDecoder(file, new FlacFrames(file, channel, stream, WINDOW), from, to);
        decoder.decodeAll();
        if (decoder.decoded != count) {
            throw new BadInputException(file + ": is damaged: " + decoder.decoded
                    + " samples where the numbers of its frames promise " + count);
        }
        return decoder.kept();
    }

    /** Decodes samples [from, to) and checks the frames that hold them. */
    static Audio part(Path file, FileChannel channel, FlacStream stream, long from, long to) throws IOException {
        FlacDecoder decoder = new FlacDecoder(file, new FlacFrames(file, channel, stream, SEEK_WINDOW), from, to);
        decoder.decodePart();
        return decoder.kept();
    }

    /**
     * Counts the samples of a file whose header doesn't state them: by the number of its last frame, or by decoding all of it where that
     * doesn't say.
     *
     * @return samples a channel
     */
    static long count(Path file, FileChannel channel, FlacStream stream) throws IOException {
        FlacFrames frames = new FlacFrames(file, channel, stream, SEEK_WINDOW);
        if (frames.first() == frames.fileSize()) {
            return 0;
        }
        long samples = new FlacSeek(frames).samples();
        if (samples < 0) {
            FlacDecoder decoder = new FlacDecoder(file, frames, 0, 0);
            decoder.decodeAll();
            samples = decoder.decoded;
        }
        return samples;
    }

    private Audio kept() {
        return new Audio(filled == mono.length ? mono : Arrays.copyOf(mono, filled), stream.sampleRate());
    }

    private void decodeAll() throws IOException {
        MessageDigest md5 = stream.hasMd5() ? newMd5() : null;
        long position = frames.first();
        while (stream.samples() == 0 ? position < frames.fileSize() : decoded < stream.samples()) {
            FlacFrames.Frame frame = frameAt(position);
            if (md5 != null) {
                digest(md5, frame.size());
            }
            keep(frame.size());
            position = frame.end();
        }
        if (stream.samples() != 0 && decoded != stream.samples()) {
            throw new BadInputException(
                    file + ": is damaged: " + decoded + " samples where its header promises " + stream.samples());
        }
        if (md5 != null && decoded > 0 && !Arrays.equals(md5.digest(), stream.md5())) {
            throw new BadInputException(file + ": is damaged: its samples don't have the MD5 sum of its header");
        }
    }

    private void decodePart() throws IOException {
        FlacSeek seek = new FlacSeek(frames);
        long counted = seek.samples();
        boolean numbered = counted > 0 && (stream.samples() == 0 || counted == stream.samples());
        FlacFrames.Frame start = numbered ? seek.before(from) : null;
        long position = frames.first();
        long base = 0;
        if (start != null) {
            base = seek.number(frameAt(position));
            position = start.position();
            decoded = seek.number(start) - base;
        }
        while (decoded < to) {
            FlacFrames.Frame frame = frameAt(position);
            if (start != null && seek.number(frame) - base != decoded) {
                throw damaged("a frame with another number than it should have", null);
            }
            keep(frame.size());
            position = frame.end();
        }
    }

    private FlacFrames.Frame frameAt(long position) throws IOException {
        try {
            return frames.at(position);
        } catch (FlacFrames.Damage e) {
            if (e.ended()) {
                String promised = stream.samples() == 0 ? "" : "; its header promises " + stream.samples();
                throw new BadInputException(
                        file + ": is a FLAC file cut short: it ends after " + decoded + " samples" + promised, e);
            }
            throw damaged(e.getMessage(), e);
        }
    }

    /** Averages the channels of what is wanted of a block of so many samples. */
    private void keep(int size) {
        int begin = Math.clamp(from - decoded, 0, size);
        int end = Math.clamp(to - decoded, 0, size);
        decoded += size;
        if (begin >= end) {
            return;
        }
        grow(filled + (long) (end - begin));
        int channels = stream.channels();
        long[][] block = frames.block();
        double scale = 1.0 / ((double) (1L << (stream.bitsPerSample() - 1)) * channels);
        for (int i = begin; i < end; i++) {
            long sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += block[c][i];
            }
            mono[filled++] = (float) (sum * scale);
        }
    }

    /** A damaged header may promise anything: memory grows with what is found. */
    private void grow(long wanted) {
        if (wanted <= mono.length) {
            return;
        }
        long usual = mono.length == 0 ? 16 * frames.fileSize() : 2L * mono.length;
        // Nor may the guess be too much where what is there isn't.
        long length = Math.max(wanted, Math.min(Math.min(usual, to - from), SampleMemory.most()));
        mono = SampleMemory.grown(file, mono, length, to - from, stream.sampleRate());
    }

    /** The MD5 sum runs over the samples interleaved, little endian, in whole bytes. */
    private void digest(MessageDigest md5, int size) {
        long[][] block = frames.block();
        int bytes = (stream.bitsPerSample() + 7) / 8;
        int count = size * bytes * stream.channels();
        if (interleaved.length < count) {
            interleaved = new byte[count];
        }
        int at = 0;
        for (int i = 0; i < size; i++) {
            for (int c = 0; c < stream.channels(); c++) {
                long sample = block[c][i];
                for (int b = 0; b < bytes; b++) {
                    interleaved[at++] = (byte) (sample >> (8 * b));
                }
            }
        }
        md5.update(interleaved, 0, count);
    }

    private BadInputException damaged(@Nullable String what, FlacFrames.@Nullable Damage cause) {
        String message = file + ": is a damaged FLAC file: " + what + " after " + decoded + " samples";
        return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
