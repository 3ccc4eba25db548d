package org.transducer4j.speech.audio;

import org.jspecify.annotations.Nullable;

/**
 * The header of one FLAC frame (RFC 9639, section 9.1) and the checksums.
 *
 * @param blockSize samples a channel
 * @param assignment how the channels are coded: 0 to 7 independent, 8 left+side, 9 side+right, 10 mid+side
 * @param bytes length of the header
 * @param number the number of the frame, or of its first sample
 * @param numbersSamples whether it is that of a sample
 */
record FlacFrameHeader(
        int blockSize,
        int sampleRate,
        int assignment,
        int bitsPerSample,
        int bytes,
        long number,
        boolean numbersSamples) {
    private static final int LEFT_SIDE = 8;
    private static final int SIDE_RIGHT = 9;
    private static final int MID_SIDE = 10;
    private static final int[] RATES = {0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000
    };
    private static final int[] BITS = {0, 8, 12, -1, 16, 20, 24, 32};
    private static final int[] CRC16 = table(0x8005, 16);
    private static final int[] CRC8 = table(0x07, 8);

    /** The header at a position, or null where none is valid there. */
    static @Nullable FlacFrameHeader read(byte[] data, int begin, int limit, int streamRate, int streamBits) {
        BitReader in = new BitReader(data, begin, limit);
        if (in.bits(15) != 0x7ffc) {
            return null;
        }
        boolean numbersSamples = in.bits(1) == 1;
        int sizeCode = in.bits(4);
        int rateCode = in.bits(4);
        int assignment = in.bits(4);
        int bits = BITS[in.bits(3)];
        if (in.bits(1) != 0 || sizeCode == 0 || rateCode == 15 || assignment > MID_SIDE || bits < 0) {
            return null;
        }
        int first = in.bits(8);
        int more = Integer.numberOfLeadingZeros(~(first << 24)) - 1;
        if (more == 0 || more > 6) {
            return null;
        }
        // In the manner of UTF-8.
        long number = more < 0 ? first : first & (0x3f >> more);
        for (int i = 0; i < more; i++) {
            number = number << 6 | (in.bits(8) & 0x3f);
        }
        int size = switch (sizeCode) {
            case 1 -> 192;
            case 2, 3, 4, 5 -> 576 << (sizeCode - 2);
            case 6 -> in.bits(8) + 1;
            case 7 -> in.bits(16) + 1;
            default -> 256 << (sizeCode - 8);
        };
        int rate = switch (rateCode) {
            case 0 -> streamRate;
            case 12 -> in.bits(8) * 1000;
            case 13 -> in.bits(16);
            case 14 -> in.bits(16) * 10;
            default -> RATES[rateCode];
        };
        int end = in.position();
        int crc = 0;
        for (int i = begin; i < end; i++) {
            crc = CRC8[(crc ^ data[i]) & 0xff];
        }
        if (in.bits(8) != crc) {
            return null;
        }
        int bitsPerSample = bits == 0 ? streamBits : bits;
        return new FlacFrameHeader(size, rate, assignment, bitsPerSample, end + 1 - begin, number, numbersSamples);
    }

    int channels() {
        return assignment < LEFT_SIDE ? assignment + 1 : 2;
    }

    /** A side channel has one bit more. */
    int extraBits(int channel) {
        boolean side = channel == 0 ? assignment == SIDE_RIGHT : assignment == LEFT_SIDE || assignment == MID_SIDE;
        return side ? 1 : 0;
    }

    /** Turns left/side, side/right or mid/side into left and right, in place. */
    void restoreChannels(long[][] block, int size) {
        switch (assignment) {
            case LEFT_SIDE -> {
                for (int i = 0; i < size; i++) {
                    block[1][i] = block[0][i] - block[1][i];
                }
            }
            case SIDE_RIGHT -> {
                for (int i = 0; i < size; i++) {
                    block[0][i] += block[1][i];
                }
            }
            case MID_SIDE -> {
                for (int i = 0; i < size; i++) {
                    long side = block[1][i];
                    long mid = block[0][i] << 1 | (side & 1);
                    block[0][i] = (mid + side) >> 1;
                    block[1][i] = (mid - side) >> 1;
                }
            }
            default -> {}
        }
    }

    static int crc16(byte[] data, int begin, int end) {
        int crc = 0;
        for (int i = begin; i < end; i++) {
            crc = (crc << 8 ^ CRC16[(crc >> 8 ^ data[i]) & 0xff]) & 0xffff;
        }
        return crc;
    }

    private static int[] table(int polynomial, int width) {
        int[] table = new int[256];
        int top = 1 << (width - 1);
        for (int i = 0; i < 256; i++) {
            int crc = i << (width - 8);
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & top) != 0 ? crc << 1 ^ polynomial : crc << 1;
            }
            table[i] = crc & ((1 << width) - 1);
        }
        return table;
    }
}
