package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;

/**
 * The header of a RIFF WAVE file, or of one with 64-bit sizes (RF64, BW64: EBU Tech 3306, ITU-R BS.2088). Nothing is allocated by a size
 * that it states before that many bytes are known to be there.
 *
 * @param encoding how a sample is stored
 * @param channels number of channels
 * @param sampleRate in Hz
 * @param dataBegin byte position of the first sample
 * @param samples samples a channel
 */
record WavHeader(WavEncoding encoding, int channels, int sampleRate, long dataBegin, long samples) {
    private static final int CHUNK = 1 << 16;
    private static final long SIZE_IN_DS64 = 0xffffffffL;
    private static final int MOST_CHUNKS = 10_000;
    private static final int MOST_TABLE_BYTES = 12 * 1000;

    /**
     * Where sizes begin that are put down for want of a better one. What writes to a pipe doesn't know the length, and can't come back to the
     * header: sox puts 0x7ffff000 there, rounded down to whole frames; others 0x7fffffff or 0x80000000; ffmpeg and others 0xffffffff, or
     * that less the header; some leave 0.
     */
    private static final long PLACEHOLDERS = 0x7ffff000L;

    /** More than any disk holds: as a size of 64 bits it is a placeholder, too. */
    private static final long MOST_BYTES = 1L << 60;

    /** What a fmt chunk says. */
    private record Format(WavEncoding encoding, int channels, int sampleRate) {
        int frameBytes() {
            return channels * encoding.bytes;
        }
    }

    static WavHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer riff = bytes(file, channel, 0, 12, "RIFF header");
        if (!id(riff, 8).equals("WAVE")) {
            throw new BadInputException(file + ": is a " + id(riff, 0) + " file but not a WAVE one");
        }
        Format format = null;
        Map<String, Long> longSizes = new HashMap<>();
        long position = 12;
        for (int chunks = 0; ; chunks++) {
            if (position + 8 > size) {
                String missing = format == null ? "fmt" : "data";
                throw new BadInputException(file + ": is cut short: it ends before its " + missing + " chunk");
            }
            if (chunks > MOST_CHUNKS) {
                throw new BadInputException(
                        file + ": its header makes no sense: more than " + MOST_CHUNKS + " chunks before the data");
            }
            ByteBuffer chunk = bytes(file, channel, position, 8, "chunk header");
            String id = id(chunk, 0);
            long length = chunk.getInt(4) & 0xffffffffL;
            long begin = position + 8;
            switch (id) {
                case "ds64" -> readSizes(file, channel, begin, length, longSizes);
                case "fmt " -> format = format(file, channel, begin, length);
                case "data" -> {
                    if (format == null) {
                        throw new BadInputException(file + ": has its data chunk before its fmt chunk");
                    }
                    long bytes = dataBytes(file, channel, begin, length, longSizes.get(id), format);
                    return new WavHeader(
                            format.encoding, format.channels, format.sampleRate, begin, bytes / format.frameBytes());
                }
                default -> {
                    if (length == SIZE_IN_DS64) {
                        length = longSizes.getOrDefault(id, length);
                    }
                }
            }
            if (length < 0 || length > size - begin) {
                String missing = format == null ? "fmt" : "data";
                throw new BadInputException(file + ": is cut short: it ends before its " + missing + " chunk");
            }
            position = begin + length + (length & 1);
        }
    }

    /** The sizes that didn't fit into 32 bits; the one of the RIFF chunk and the number of samples aren't needed. */
    private static void readSizes(Path file, FileChannel channel, long begin, long length, Map<String, Long> longSizes)
            throws IOException {
        if (length < 24) {
            throw new BadInputException(file + ": its ds64 chunk has " + length + " bytes, not 24 or more");
        }
        ByteBuffer fixed = bytes(file, channel, begin, 24, "ds64 chunk");
        longSizes.put("data", fixed.getLong(8));
        if (length >= 28 + 12) {
            int rows = (int) Math.min(length - 28, MOST_TABLE_BYTES) / 12;
            ByteBuffer table = bytes(file, channel, begin + 24, 4 + 12 * rows, "ds64 chunk");
            long count = Math.min(rows, table.getInt(0) & 0xffffffffL);
            for (int row = 0; row < count; row++) {
                longSizes.putIfAbsent(id(table, 4 + 12 * row), table.getLong(8 + 12 * row));
            }
        }
    }

    private static Format format(Path file, FileChannel channel, long begin, long length) throws IOException {
        if (length < 16) {
            throw new BadInputException(file + ": its fmt chunk has " + length + " bytes, not 16 or more");
        }
        ByteBuffer fmt = bytes(file, channel, begin, (int) Math.min(length, 40), "fmt chunk");
        int tag = fmt.getShort(0) & 0xffff;
        if (tag == WavEncoding.EXTENSIBLE && fmt.limit() >= 26) {
            tag = fmt.getShort(24) & 0xffff;
        }
        int channels = fmt.getShort(2) & 0xffff;
        int rate = fmt.getInt(4);
        int align = fmt.getShort(12) & 0xffff;
        Format format = new Format(WavEncoding.of(file, tag, fmt.getShort(14) & 0xffff), channels, rate);
        if (channels == 0 || !AudioInfo.isPlausible(rate) || align != format.frameBytes()) {
            throw new BadInputException(file + ": its header makes no sense: " + channels + " channels, "
                    + (rate & 0xffffffffL) + " Hz, " + align + " bytes a frame");
        }
        return format;
    }

    /** How many bytes of samples there are: what the header says, or all that is there where it doesn't know. */
    private static long dataBytes(
            Path file, FileChannel channel, long begin, long length, @Nullable Long longSize, Format format)
            throws IOException {
        long there = channel.size() - begin;
        long stated = length;
        boolean unknown = length == 0 || length > PLACEHOLDERS - format.frameBytes();
        if (length == SIZE_IN_DS64 && longSize != null) {
            stated = longSize;
            unknown = longSize <= 0 || longSize >= MOST_BYTES; // as a writer leaves them that never came back
        }
        if (!unknown) {
            if (stated > there) {
                throw new BadInputException(file + ": is cut short: its header promises " + stated / format.frameBytes()
                        + " samples, it holds " + there / format.frameBytes());
            }
            return stated;
        }
        // Files of that very size exist, and so do empty ones with a remark at their end.
        boolean meant = stated >= 0 && stated <= there && chunksFollow(file, channel, begin + stated);
        return meant ? stated : there;
    }

    /** Whether chunks with proper names fill the file from a place to its end. */
    private static boolean chunksFollow(Path file, FileChannel channel, long from) throws IOException {
        long size = channel.size();
        long position = from + (from & 1);
        for (int chunks = 0; position + 8 <= size && chunks < MOST_CHUNKS; chunks++) {
            ByteBuffer chunk = bytes(file, channel, position, 8, "chunk header");
            for (int i = 0; i < 4; i++) {
                if (chunk.get(i) < ' ' || chunk.get(i) > '~') {
                    return false;
                }
            }
            long length = chunk.getInt(4) & 0xffffffffL;
            position += 8 + length + (length & 1);
        }
        return position == size || position == size + 1;
    }

    /** Reads samples [begin, end), which are there, and averages the channels. */
    Audio read(Path file, FileChannel channel, long begin, long end) throws IOException {
        float[] samples = SampleMemory.of(file, end - begin, sampleRate);
        int frame = channels * encoding.bytes;
        int frames = Math.max(1, CHUNK / frame);
        int now;
        for (int done = 0; done < samples.length; done += now) {
            now = Math.min(frames, samples.length - done);
            ByteBuffer in = bytes(file, channel, dataBegin + (begin + done) * frame, now * frame, "samples");
            for (int i = 0; i < now; i++) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum += encoding.sample(in);
                }
                samples[done + i] = (float) (sum / channels);
                if (!Float.isFinite(samples[done + i])) {
                    throw new BadInputException(file + ": sample " + (begin + done + i) + " isn't a finite number");
                }
            }
        }
        return new Audio(samples, sampleRate);
    }

    private static ByteBuffer bytes(Path file, FileChannel channel, long position, int count, String what)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int got = channel.read(buffer, position + buffer.position());
            if (got < 0) {
                throw new BadInputException(file + ": is cut short inside its " + what);
            }
        }
        return buffer.flip();
    }

    private static String id(ByteBuffer buffer, int at) {
        byte[] id = new byte[4];
        buffer.get(at, id);
        return new String(id, StandardCharsets.ISO_8859_1);
    }
}
