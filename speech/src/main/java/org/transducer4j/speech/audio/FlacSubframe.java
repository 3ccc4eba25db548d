package org.transducer4j.speech.audio;

import java.util.Arrays;

/** One channel of one FLAC frame (RFC 9639, section 9.2): constant, verbatim, fixed or linear prediction. */
final class FlacSubframe {
    private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

    private FlacSubframe() {}

    /** Reads the samples; false where the coding isn't valid. */
    static boolean read(BitReader in, long[] out, int size, int bitsPerSample) {
        if (in.bits(1) != 0) {
            return false;
        }
        int type = in.bits(6);
        int wasted = in.bits(1) == 1 ? in.unary() + 1 : 0;
        int bits = bitsPerSample - wasted;
        if (bits <= 0) {
            return false;
        }
        boolean good;
        if (type == 0) {
            Arrays.fill(out, 0, size, in.signed(bits));
            good = true;
        } else if (type == 1) {
            for (int i = 0; i < size; i++) {
                out[i] = in.signed(bits);
            }
            good = true;
        } else if (type >= 8 && type <= 12) {
            int order = type - 8;
            good = warmUp(in, out, size, order, bits) && residual(in, out, size, order);
            if (good) {
                predict(out, size, FIXED[order], 0);
            }
        } else if (type >= 32) {
            good = linear(in, out, size, type - 31, bits);
        } else {
            good = false;
        }
        if (wasted > 0) {
            for (int i = 0; i < size; i++) {
                out[i] <<= wasted;
            }
        }
        return good;
    }

    private static boolean warmUp(BitReader in, long[] out, int size, int order, int bits) {
        if (order > size) {
            return false;
        }
        for (int i = 0; i < order; i++) {
            out[i] = in.signed(bits);
        }
        return true;
    }

    private static boolean linear(BitReader in, long[] out, int size, int order, int bits) {
        if (!warmUp(in, out, size, order, bits)) {
            return false;
        }
        int precision = in.bits(4) + 1;
        int shift = (int) in.signed(5);
        if (precision == 16 || shift < 0) {
            return false;
        }
        int[] coefficients = new int[order];
        for (int i = 0; i < order; i++) {
            coefficients[i] = (int) in.signed(precision);
        }
        if (!residual(in, out, size, order)) {
            return false;
        }
        predict(out, size, coefficients, shift);
        return true;
    }

    /** Adds the prediction to the residual that lies in its place. */
    private static void predict(long[] out, int size, int[] coefficients, int shift) {
        int order = coefficients.length;
        for (int i = order; i < size; i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += coefficients[j] * out[i - 1 - j];
            }
            out[i] += sum >> shift;
        }
    }

    private static boolean residual(BitReader in, long[] out, int size, int order) {
        int method = in.bits(2);
        if (method > 1) {
            return false;
        }
        int parameterBits = method == 0 ? 4 : 5;
        int escape = (1 << parameterBits) - 1;
        int partitionOrder = in.bits(4);
        int partition = size >> partitionOrder;
        if (partition << partitionOrder != size || partition < order) {
            return false;
        }
        int at = order;
        for (int p = 0; p < 1 << partitionOrder; p++) {
            int end = (p + 1) * partition;
            int parameter = in.bits(parameterBits);
            if (parameter == escape) {
                int raw = in.bits(5);
                for (; at < end; at++) {
                    out[at] = in.signed(raw);
                }
            } else {
                for (; at < end; at++) {
                    long folded = (long) in.unary() << parameter | in.unsigned(parameter);
                    out[at] = folded >>> 1 ^ -(folded & 1);
                }
            }
        }
        return true;
    }
}
