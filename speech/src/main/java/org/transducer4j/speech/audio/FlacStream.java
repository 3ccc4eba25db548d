package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.transducer4j.speech.BadInputException;

/**
 * What the STREAMINFO of a FLAC file says (RFC 9639, section 8.2), an ID3 tag in front or not.
 *
 * @param begin where the file's FLAC begins, in bytes
 * @param blockSize samples of every block but the last; 0 where they differ
 * @param sampleRate in Hz
 * @param channels number of channels
 * @param bitsPerSample as stored
 * @param samples samples a channel; 0 where the encoder didn't know
 * @param md5 of the samples; all zeros where the encoder didn't know
 */
record FlacStream(
        long begin, int blockSize, int sampleRate, int channels, int bitsPerSample, long samples, byte[] md5) {
    private static final int BYTES = 42;

    static FlacStream read(Path file, FileChannel channel) throws IOException {
        long begin = Math.max(0, afterId3(channel));
        byte[] head = new byte[BYTES];
        if (readFully(channel, head, begin) < BYTES) {
            throw new BadInputException(file + ": is a FLAC file cut short inside its header");
        }
        if (!isMagic(head) || (head[4] & 0x7f) != 0) {
            throw new BadInputException(file + ": is a FLAC file without STREAMINFO");
        }
        BitReader in = new BitReader(head, 8, BYTES);
        int least = in.bits(16);
        int most = in.bits(16);
        in.unsigned(24);
        in.unsigned(24); // the least and the most bytes of a frame, which nothing needs
        int rate = in.bits(20);
        int channels = in.bits(3) + 1;
        int bits = in.bits(5) + 1;
        long samples = in.unsigned(4) << 32 | in.unsigned(32);
        if (!AudioInfo.isPlausible(rate)) {
            throw new BadInputException(file + ": is a FLAC file with a sample rate of " + rate);
        }
        return new FlacStream(
                begin,
                least == most ? least : 0,
                rate,
                channels,
                bits,
                samples,
                Arrays.copyOfRange(head, BYTES - 16, BYTES));
    }

    /** Where FLAC begins behind an ID3v2 tag, which some taggers put in front; -1 where none is there. */
    static long afterId3(FileChannel channel) throws IOException {
        byte[] head = new byte[10];
        if (readFully(channel, head, 0) < 10 || head[0] != 'I' || head[1] != 'D' || head[2] != '3') {
            return -1;
        }
        int length = (head[6] & 0x7f) << 21 | (head[7] & 0x7f) << 14 | (head[8] & 0x7f) << 7 | (head[9] & 0x7f);
        byte[] magic = new byte[4];
        return readFully(channel, magic, 10L + length) == 4 && isMagic(magic) ? 10L + length : -1;
    }

    private static boolean isMagic(byte[] data) {
        return data[0] == 'f' && data[1] == 'L' && data[2] == 'a' && data[3] == 'C';
    }

    private static int readFully(FileChannel channel, byte[] bytes, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.position();
    }

    boolean hasMd5() {
        return !Arrays.equals(md5, new byte[16]);
    }

    /** Where the frames begin, behind all metadata. */
    long firstFrame(Path file, FileWindow bytes) throws IOException {
        long at = begin + 4;
        while (true) {
            int i = bytes.at(at, 4);
            if (at + 4 > bytes.size() || i + 4 > bytes.end()) {
                throw new BadInputException(file + ": is a FLAC file cut short inside its header");
            }
            byte[] data = bytes.data();
            boolean last = (data[i] & 0x80) != 0;
            at += 4 + ((data[i + 1] & 0xff) << 16 | (data[i + 2] & 0xff) << 8 | (data[i + 3] & 0xff));
            if (at > bytes.size()) {
                throw new BadInputException(file + ": is a FLAC file cut short inside its header");
            }
            if (last) {
                return at;
            }
        }
    }
}
