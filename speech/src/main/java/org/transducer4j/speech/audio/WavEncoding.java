package org.transducer4j.speech.audio;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.transducer4j.speech.BadInputException;

/** How a sample is stored in a WAV file: little endian, 8 bits unsigned, the others signed, or 8 bits of G.711. */
enum WavEncoding {
    UINT8(1),
    INT16(2),
    INT24(3),
    INT32(4),
    FLOAT32(4),
    FLOAT64(8),
    A_LAW(1),
    MU_LAW(1);

    static final int EXTENSIBLE = 0xfffe;
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW_TAG = 6;
    private static final int MU_LAW_TAG = 7;

    private static final class G711 {
        private static final double[] A = new double[256];
        private static final double[] MU = new double[256];

        static {
            for (int code = 0; code < 256; code++) {
                A[code] = aLaw(code) / 32768.0;
                MU[code] = muLaw(code) / 32768.0;
            }
        }

        /** ITU-T G.711, table 1: 13 bits, left-aligned in 16. Every other bit is inverted; the sign bit is set for positive values. */
        private static int aLaw(int code) {
            int bits = code ^ 0x55;
            int segment = bits >> 4 & 7;
            int step = (bits & 0xf) << 4 | 8;
            int value = segment == 0 ? step : (step + 0x100) << (segment - 1);
            return (bits & 0x80) != 0 ? value : -value;
        }

        /** ITU-T G.711, table 2: 14 bits, left-aligned in 16. All bits are inverted; 132 is what the coder added. */
        private static int muLaw(int code) {
            int bits = ~code;
            int value = ((((bits & 0xf) << 3) + 132) << (bits >> 4 & 7)) - 132;
            return (bits & 0x80) != 0 ? -value : value;
        }
    }

    final int bytes;

    WavEncoding(int bytes) {
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
            case A_LAW -> G711.A[in.get() & 0xff];
            case MU_LAW -> G711.MU[in.get() & 0xff];
        };
    }

    /**
     * What a format tag means.
     *
     * @throws BadInputException if it isn't read here
     */
    static WavEncoding of(Path file, int format, int bits) {
        WavEncoding found = switch (format) {
            case PCM ->
                switch (bits) {
                    case 8 -> UINT8;
                    case 16 -> INT16;
                    case 24 -> INT24;
                    case 32 -> INT32;
                    default -> null;
                };
            case FLOAT -> bits == 32 ? FLOAT32 : bits == 64 ? FLOAT64 : null;
            case A_LAW_TAG -> bits == 8 ? A_LAW : null;
            case MU_LAW_TAG -> bits == 8 ? MU_LAW : null;
            default -> null;
        };
        if (found == null) {
            throw new BadInputException(
                    file + ": WAV encoding " + name(format) + " with " + bits
                            + " bits isn't supported; PCM with 8, 16, 24 or 32 bits, float with 32 or 64, A-law and mu-law with 8 are");
        }
        return found;
    }

    private static String name(int format) {
        return switch (format) {
            case PCM -> "PCM";
            case FLOAT -> "float";
            case 2 -> "MS ADPCM";
            case A_LAW_TAG -> "A-law";
            case MU_LAW_TAG -> "mu-law";
            case 17 -> "IMA ADPCM";
            case 49 -> "GSM 6.10";
            case 85 -> "MP3";
            default -> "format " + format;
        };
    }
}
