package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
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
 * <p>Strict where players are lenient, since a damaged file in a corpus should be named and not trained on: the header's
 * and the frame's checksums, the number of samples and the MD5 sum in STREAMINFO must all agree.
 */
final class FlacDecoder {
    private static final int STREAM_INFO_END = 42;

    /** What STREAMINFO says; samples 0 and an all-zero MD5 mean that the encoder didn't know. */
    private record StreamInfo(int sampleRate, int channels, int bitsPerSample, long samples, byte[] md5) {
        boolean hasMd5() {
            return !Arrays.equals(md5, new byte[16]);
        }
    }

    private final Path file;
    private final byte[] data;
    private final StreamInfo info;
    private int position;
    private float[] mono = new float[0];
    private int decoded;
    private long[][] block = new long[0][];
    private byte[] interleaved = new byte[0];

    private FlacDecoder(Path file, byte[] data, StreamInfo info, int position) {
        this.file = file;
        this.data = data;
        this.info = info;
        this.position = position;
    }

    /** Decodes a whole file, its channels averaged. */
    static Audio decode(Path file, byte[] data) {
        int begin = afterId3(data);
        StreamInfo info = streamInfo(file, data, begin);
        return new FlacDecoder(file, data, info, firstFrame(file, data, begin)).decode();
    }

    static AudioInfo info(Path file, FileChannel channel) throws IOException {
        byte[] head = new byte[STREAM_INFO_END];
        int count = channel.read(ByteBuffer.wrap(head), Math.max(0, afterId3(channel)));
        StreamInfo info = streamInfo(file, Arrays.copyOf(head, Math.max(0, count)), 0);
        return new AudioInfo(info.sampleRate, info.channels, info.samples == 0 ? -1 : info.samples);
    }

    /** Where FLAC begins behind an ID3v2 tag, which some taggers put in front; -1 where none is there. */
    static long afterId3(FileChannel channel) throws IOException {
        byte[] head = new byte[10];
        if (channel.read(ByteBuffer.wrap(head), 0) < 10 || afterId3(head) == 0) {
            return -1;
        }
        long begin = afterId3(head);
        byte[] magic = new byte[4];
        return channel.read(ByteBuffer.wrap(magic), begin) == 4 && isMagic(magic, 0) ? begin : -1;
    }

    private static int afterId3(byte[] head) {
        if (head.length < 10 || head[0] != 'I' || head[1] != 'D' || head[2] != '3') {
            return 0;
        }
        int length = (head[6] & 0x7f) << 21 | (head[7] & 0x7f) << 14 | (head[8] & 0x7f) << 7 | (head[9] & 0x7f);
        return 10 + length;
    }

    private static boolean isMagic(byte[] data, int at) {
        return data.length >= at + 4
                && data[at] == 'f'
                && data[at + 1] == 'L'
                && data[at + 2] == 'a'
                && data[at + 3] == 'C';
    }

    private static StreamInfo streamInfo(Path file, byte[] data, int begin) {
        if (data.length < begin + STREAM_INFO_END) {
            throw new BadInputException(file + ": is a FLAC file cut short inside its header");
        }
        if (!isMagic(data, begin) || (data[begin + 4] & 0x7f) != 0) {
            throw new BadInputException(file + ": is a FLAC file without STREAMINFO");
        }
        BitReader in = new BitReader(data, begin + 18);
        int rate = in.bits(20);
        int channels = in.bits(3) + 1;
        int bits = in.bits(5) + 1;
        long samples = in.unsigned(4) << 32 | in.unsigned(32);
        if (rate == 0) {
            throw new BadInputException(file + ": is a FLAC file with a sample rate of 0");
        }
        if (samples > Integer.MAX_VALUE - 16) {
            throw new BadInputException(file + ": has more samples than can be read at once: " + samples);
        }
        return new StreamInfo(
                rate, channels, bits, samples, Arrays.copyOfRange(data, begin + 26, begin + STREAM_INFO_END));
    }

    private static int firstFrame(Path file, byte[] data, int begin) {
        int at = begin + 4;
        while (true) {
            if (at + 4 > data.length) {
                throw new BadInputException(file + ": is a FLAC file cut short inside its header");
            }
            boolean last = (data[at] & 0x80) != 0;
            int length = (data[at + 1] & 0xff) << 16 | (data[at + 2] & 0xff) << 8 | (data[at + 3] & 0xff);
            at += 4 + length;
            if (at > data.length) {
                throw new BadInputException(file + ": is a FLAC file cut short inside its header");
            }
            if (last) {
                return at;
            }
        }
    }

    private Audio decode() {
        // A damaged header may promise anything: memory grows with what is found, not with what is promised.
        mono = new float[(int) Math.min(info.samples, 16L * data.length)];
        MessageDigest md5 = info.hasMd5() ? newMd5() : null;
        try {
            while (info.samples == 0 ? position < data.length : decoded < info.samples) {
                frame(md5);
            }
        } catch (BitReader.Ended e) {
            String promised = info.samples == 0 ? "" : "; its header promises " + info.samples;
            throw new BadInputException(
                    file + ": is a FLAC file cut short: it ends after " + decoded + " samples" + promised, e);
        }
        if (info.samples != 0 && decoded != info.samples) {
            throw new BadInputException(
                    file + ": is damaged: " + decoded + " samples where its header promises " + info.samples);
        }
        if (md5 != null && decoded > 0 && !Arrays.equals(md5.digest(), info.md5)) {
            throw new BadInputException(file + ": is damaged: its samples don't have the MD5 sum of its header");
        }
        return new Audio(decoded == mono.length ? mono : Arrays.copyOf(mono, decoded), info.sampleRate);
    }

    private void frame(@Nullable MessageDigest md5) {
        FlacFrameHeader header = FlacFrameHeader.read(data, position, info.sampleRate, info.bitsPerSample);
        if (header == null) {
            throw damaged("no valid frame header");
        }
        if (header.channels() != info.channels
                || header.bitsPerSample() != info.bitsPerSample
                || header.sampleRate() != info.sampleRate) {
            throw damaged("a frame of another format");
        }
        int size = header.blockSize();
        BitReader in = new BitReader(data, position + header.bytes());
        if (block.length != info.channels || block[0].length < size) {
            block = new long[info.channels][size];
        }
        for (int c = 0; c < info.channels; c++) {
            if (!FlacSubframe.read(in, block[c], size, info.bitsPerSample + header.extraBits(c))) {
                throw damaged("a frame that can't be decoded");
            }
        }
        in.align();
        int end = in.position();
        int crc = in.bits(16);
        if (crc != FlacFrameHeader.crc16(data, position, end)) {
            throw damaged("a frame with a wrong checksum");
        }
        position = end + 2;
        header.restoreChannels(block, size);
        if (md5 != null) {
            digest(md5, size);
        }
        average(size);
    }

    private void average(int size) {
        if (mono.length < decoded + size) {
            mono = Arrays.copyOf(mono, Math.max(decoded + size, (int) Math.min(2L * decoded, Integer.MAX_VALUE - 16)));
        }
        double scale = 1.0 / ((double) (1L << (info.bitsPerSample - 1)) * info.channels);
        for (int i = 0; i < size; i++) {
            long sum = 0;
            for (int c = 0; c < info.channels; c++) {
                sum += block[c][i];
            }
            mono[decoded + i] = (float) (sum * scale);
        }
        decoded += size;
    }

    /** The MD5 sum runs over the samples interleaved, little endian, in whole bytes. */
    private void digest(MessageDigest md5, int size) {
        int bytes = (info.bitsPerSample + 7) / 8;
        int count = size * bytes * info.channels;
        if (interleaved.length < count) {
            interleaved = new byte[count];
        }
        int at = 0;
        for (int i = 0; i < size; i++) {
            for (int c = 0; c < info.channels; c++) {
                long sample = block[c][i];
                for (int b = 0; b < bytes; b++) {
                    interleaved[at++] = (byte) (sample >> (8 * b));
                }
            }
        }
        md5.update(interleaved, 0, count);
    }

    private BadInputException damaged(String what) {
        return new BadInputException(file + ": is a damaged FLAC file: " + what + " after " + decoded + " samples");
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
