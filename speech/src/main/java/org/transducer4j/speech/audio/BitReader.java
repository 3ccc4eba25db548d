package org.transducer4j.speech.audio;

/** Bits of a byte array, the most significant first. Reading behind the end throws {@link Ended}. */
final class BitReader {
    /** The bytes ended inside something. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("unexpected end", null, false, false);
        }
    }

    private final byte[] data;
    private final int end;
    private int next;
    private long window;
    private int bits;

    /** Bits of the bytes from {@code begin} to {@code end}. */
    BitReader(byte[] data, int begin, int end) {
        this.data = data;
        this.next = begin;
        this.end = end;
    }

    /** The byte position; meaningful when aligned. */
    int position() {
        return next - bits / 8;
    }

    void align() {
        bits -= bits % 8;
    }

    private void fill() {
        if (next >= end) {
            throw new Ended();
        }
        window = (window << 8) | (data[next++] & 0xff);
        bits += 8;
    }

    /** Unsigned, up to 32 bits. */
    long unsigned(int count) {
        while (bits < count) {
            fill();
        }
        bits -= count;
        return (window >>> bits) & ((1L << count) - 1);
    }

    int bits(int count) {
        return (int) unsigned(count);
    }

    /** Two's complement, up to 33 bits. */
    long signed(int count) {
        if (count == 0) {
            return 0;
        }
        if (count > 32) {
            long high = signed(count - 16);
            return (high << 16) | unsigned(16);
        }
        long value = unsigned(count);
        return (value << (64 - count)) >> (64 - count);
    }

    /** Zeros up to the next one, which is taken too. */
    int unary() {
        int zeros = 0;
        while (true) {
            if (bits > 0) {
                long left = window << (64 - bits);
                if (left != 0) {
                    int run = Long.numberOfLeadingZeros(left);
                    bits -= run + 1;
                    return zeros + run;
                }
                zeros += bits;
                bits = 0;
            }
            fill();
        }
    }
}
