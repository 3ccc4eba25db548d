package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.transducer4j.speech.BadInputException;

/**
 * The header of a RIFF WAVE file.
 *
 * @param encoding how a sample is stored
 * @param channels number of channels
 * @param sampleRate in Hz
 * @param dataBegin byte position of the first sample
 * @param samples samples a channel
 */
record WavHeader(Encoding encoding, int channels, int sampleRate, long dataBegin, long samples) {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int EXTENSIBLE = 0xfffe;
    private static final int CHUNK = 1 << 16;

    /** How a sample is stored: little endian, 8 bits unsigned, the others signed. */
    enum Encoding {
        UINT8(1),
        INT16(2),
        INT24(3),
        INT32(4),
        FLOAT32(4),
        FLOAT64(8);

        final int bytes;

        Encoding(int bytes) {
            this.bytes = bytes;
        }

        double sample(ByteBuffer in) {
            return switch (this) {
                case UINT8 -> ((in.get() & 0xff) - 128) / 128.0;
                case INT16 -> in.getShort() / 32768.0;
                case INT24 -> {
                    int low = in.getShort() & 0xffff;
                    yield ((in.get() << 16) | low) / 8388608.0;
                }
                case INT32 -> in.getInt() / 2147483648.0;
                case FLOAT32 -> in.getFloat();
                case FLOAT64 -> in.getDouble();
            };
        }
    }

    static WavHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer riff = bytes(file, channel, 0, 12, "RIFF header");
        if (!id(riff, 8).equals("WAVE")) {
            throw new BadInputException(file + ": is a RIFF file but not a WAVE one");
        }
        Encoding encoding = null;
        int channels = 0;
        int rate = 0;
        int align = 0;
        long position = 12;
        while (true) {
            if (position + 8 > size) {
                String missing = encoding == null ? "fmt" : "data";
                throw new BadInputException(file + ": is cut short: it ends before its " + missing + " chunk");
            }
            ByteBuffer chunk = bytes(file, channel, position, 8, "chunk header");
            long length = chunk.getInt(4) & 0xffffffffL;
            long begin = position + 8;
            switch (id(chunk, 0)) {
                case "fmt " -> {
                    if (length < 16) {
                        throw new BadInputException(file + ": its fmt chunk has " + length + " bytes, not 16 or more");
                    }
                    ByteBuffer fmt = bytes(file, channel, begin, (int) Math.min(length, 40), "fmt chunk");
                    int format = fmt.getShort(0) & 0xffff;
                    if (format == EXTENSIBLE && fmt.limit() >= 26) {
                        format = fmt.getShort(24) & 0xffff;
                    }
                    channels = fmt.getShort(2) & 0xffff;
                    rate = fmt.getInt(4);
                    align = fmt.getShort(12) & 0xffff;
                    encoding = encoding(file, format, fmt.getShort(14) & 0xffff);
                    if (channels == 0 || rate <= 0 || align != channels * encoding.bytes) {
                        throw new BadInputException(file + ": its header makes no sense: " + channels + " channels, "
                                + rate + " Hz, " + align + " bytes a frame");
                    }
                }
                case "data" -> {
                    if (encoding == null) {
                        throw new BadInputException(file + ": has its data chunk before its fmt chunk");
                    }
                    // What is written to a pipe doesn't know its length: such files reach to their end.
                    boolean open = length == 0xffffffffL;
                    long there = size - begin;
                    if (!open && length > there) {
                        throw new BadInputException(file + ": is cut short: its header promises " + length / align
                                + " samples, it holds " + there / align);
                    }
                    return new WavHeader(encoding, channels, rate, begin, (open ? there : length) / align);
                }
                default -> {}
            }
            position = begin + length + (length & 1);
        }
    }

    /** Reads samples [begin, end) and averages the channels. */
    Audio read(Path file, FileChannel channel, long begin, long end) throws IOException {
        if (end - begin > Integer.MAX_VALUE - 16) {
            throw new BadInputException(file + ": has more samples than can be read at once: " + (end - begin));
        }
        float[] samples = new float[(int) (end - begin)];
        int frame = channels * encoding.bytes;
        int frames = Math.max(1, CHUNK / frame);
        for (int done = 0; done < samples.length; done += frames) {
            int now = Math.min(frames, samples.length - done);
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

    private static Encoding encoding(Path file, int format, int bits) {
        if (format == PCM) {
            switch (bits) {
                case 8 -> {
                    return Encoding.UINT8;
                }
                case 16 -> {
                    return Encoding.INT16;
                }
                case 24 -> {
                    return Encoding.INT24;
                }
                case 32 -> {
                    return Encoding.INT32;
                }
                default -> {}
            }
        }
        if (format == FLOAT && bits == 32) {
            return Encoding.FLOAT32;
        }
        if (format == FLOAT && bits == 64) {
            return Encoding.FLOAT64;
        }
        String name = switch (format) {
            case PCM -> "PCM";
            case FLOAT -> "float";
            case 2 -> "MS ADPCM";
            case 6 -> "A-law";
            case 7 -> "mu-law";
            case 17 -> "IMA ADPCM";
            case 85 -> "MP3";
            default -> "format " + format;
        };
        throw new BadInputException(file + ": WAV encoding " + name + " with " + bits
                + " bits isn't supported; PCM with 8, 16, 24 or 32 bits and float with 32 or 64 are");
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
