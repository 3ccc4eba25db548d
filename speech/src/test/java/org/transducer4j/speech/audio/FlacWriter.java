package org.transducer4j.speech.audio;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;

/** Writes small FLAC files for the tests: any depth, any channels, the subframes and stereo modes that are asked for. */
public final class FlacWriter {
    public enum Coding {
        CONSTANT,
        VERBATIM,
        FIXED2_RICE,
        FIXED1_ESCAPE,
        LPC2,
        WASTED
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean numbersSamples;
    private long window;
    private int bits;

    /** One frame for each 192 samples, the last one shorter. */
    public static byte[] write(int[][] channels, int rate, int depth, Coding coding, int assignment, boolean md5) {
        return write(channels, rate, depth, coding, assignment, md5, false);
    }

    /** With blocks of 1 to 384 samples that are numbered by samples, where {@code variable}. */
    public static byte[] write(
            int[][] channels, int rate, int depth, Coding coding, int assignment, boolean md5, boolean variable) {
        try {
            FlacWriter writer = new FlacWriter();
            writer.numbersSamples = variable;
            writer.header(channels, rate, depth, md5);
            int n = channels[0].length;
            int size = 192;
            for (int begin = 0, number = 0; begin < n; begin += size, number++) {
                size = variable ? 2 + number * 37 % 383 : 192;
                int numbered = variable ? begin : number;
                writer.frame(channels, begin, Math.min(size, n - begin), numbered, depth, coding, assignment);
            }
            return writer.out.toByteArray();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void put(long value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            window = window << 1 | (value >> i & 1);
            if (++bits == 8) {
                out.write((int) window);
                bits = 0;
                window = 0;
            }
        }
    }

    private void align() {
        while (bits != 0) {
            put(0, 1);
        }
    }

    private void header(int[][] channels, int rate, int depth, boolean md5) throws Exception {
        for (char c : "fLaC".toCharArray()) {
            put(c, 8);
        }
        put(0x80, 8);
        put(34, 24);
        put(numbersSamples ? 16 : 192, 16);
        put(numbersSamples ? 384 : 192, 16);
        put(0, 48);
        put(rate, 20);
        put(channels.length - 1, 3);
        put(depth - 1, 5);
        put(channels[0].length, 36);
        byte[] sum = new byte[16];
        if (md5) {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            for (int i = 0; i < channels[0].length; i++) {
                for (int[] channel : channels) {
                    for (int b = 0; b < (depth + 7) / 8; b++) {
                        digest.update((byte) (channel[i] >> 8 * b));
                    }
                }
            }
            sum = digest.digest();
        }
        for (byte b : sum) {
            put(b, 8);
        }
    }

    private void frame(int[][] channels, int begin, int size, int number, int depth, Coding coding, int assignment) {
        int start = out.size();
        put(0x3ffe, 14);
        put(numbersSamples ? 1 : 0, 2);
        put(7, 4);
        put(0, 4);
        put(assignment, 4);
        put(0, 3);
        put(0, 1);
        number(number);
        put(size - 1, 16);
        put(crc(start, 0x07, 8), 8);
        for (int c = 0; c < channels.length; c++) {
            long[] x = new long[size];
            int depthHere = depth;
            for (int i = 0; i < size; i++) {
                long left = channels[0][begin + i];
                long right = channels.length > 1 ? channels[1][begin + i] : 0;
                x[i] = switch (assignment) {
                    case 8 -> c == 0 ? left : left - right;
                    case 9 -> c == 0 ? left - right : right;
                    case 10 -> c == 0 ? (left + right) >> 1 : left - right;
                    default -> channels[c][begin + i];
                };
            }
            if ((assignment == 8 || assignment == 10) && c == 1 || assignment == 9 && c == 0) {
                depthHere++;
            }
            subframe(x, depthHere, coding);
        }
        align();
        put(crc(start, 0x8005, 16), 16);
    }

    /** In the manner of UTF-8. */
    private void number(int number) {
        if (number < 0x80) {
            put(number, 8);
            return;
        }
        int more = number < 0x800 ? 1 : number < 0x10000 ? 2 : 3;
        put(((0xff00 >> (more + 1)) & 0xff) | (number >> (6 * more)), 8);
        for (int i = more - 1; i >= 0; i--) {
            put(0x80 | (number >> (6 * i) & 0x3f), 8);
        }
    }

    private void subframe(long[] x, int depth, Coding coding) {
        switch (coding) {
            case CONSTANT -> {
                put(0, 8);
                put(x[0], depth);
            }
            case VERBATIM -> {
                put(1 << 1, 8);
                for (long value : x) {
                    put(value, depth);
                }
            }
            case WASTED -> {
                put(1 << 1 | 1, 8);
                put(0b01, 2); // two wasted bits
                for (long value : x) {
                    put(value >> 2, depth - 2);
                }
            }
            case FIXED2_RICE -> {
                put((8 + 2) << 1, 8);
                put(x[0], depth);
                put(x[1], depth);
                put(0, 2);
                put(0, 4);
                rice(x, 2, i -> 2 * x[i - 1] - x[i - 2]);
            }
            case FIXED1_ESCAPE -> {
                put((8 + 1) << 1, 8);
                put(x[0], depth);
                put(1, 2);
                put(0, 4);
                put(31, 5);
                put(depth + 1, 5);
                for (int i = 1; i < x.length; i++) {
                    put(x[i] - x[i - 1], depth + 1);
                }
            }
            case LPC2 -> {
                put((32 + 1) << 1, 8);
                put(x[0], depth);
                put(x[1], depth);
                put(7, 4); // coefficients of 8 bits
                put(5, 5); // shifted by 5
                put(50, 8);
                put(-20, 8);
                put(0, 2);
                put(0, 4);
                rice(x, 2, i -> (50 * x[i - 1] - 20 * x[i - 2]) >> 5);
            }
        }
    }

    private void rice(long[] x, int order, java.util.function.IntToLongFunction predicted) {
        int parameter = 9;
        put(parameter, 4);
        for (int i = order; i < x.length; i++) {
            long residual = x[i] - predicted.applyAsLong(i);
            long folded = residual << 1 ^ residual >> 63;
            for (long zeros = folded >> parameter; zeros > 0; zeros--) {
                put(0, 1);
            }
            put(1, 1);
            put(folded, parameter);
        }
    }

    private int crc(int start, int polynomial, int width) {
        byte[] bytes = out.toByteArray();
        int crc = 0;
        for (int i = start; i < bytes.length; i++) {
            crc ^= (bytes[i] & 0xff) << (width - 8);
            for (int b = 0; b < 8; b++) {
                crc = (crc & 1 << (width - 1)) != 0 ? crc << 1 ^ polynomial : crc << 1;
            }
            crc &= (1 << width) - 1;
        }
        return crc;
    }
}
