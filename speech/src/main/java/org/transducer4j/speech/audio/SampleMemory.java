package org.transducer4j.speech.audio;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.transducer4j.speech.BadInputException;

/**
 * Memory for decoded samples: there is some for as many as half of the heap holds (the other half is for what is made of them), else one
 * message says of what file and how long a stretch was asked for.
 */
final class SampleMemory {
    private static final int LONGEST = Integer.MAX_VALUE - 16;

    private SampleMemory() {}

    /**
     * An array for samples that are known to be there.
     *
     * @param file what messages name
     * @param samples how many
     * @param sampleRate of them, in Hz
     * @throws BadInputException if there is no memory for them
     */
    static float[] of(Path file, long samples, int sampleRate) {
        return grown(file, new float[0], samples, samples, sampleRate);
    }

    /** How many samples there may be at once. */
    static long most() {
        return Math.min(LONGEST, Runtime.getRuntime().maxMemory() / 2 / Float.BYTES);
    }

    /** A longer copy of an array, on the way to as many samples as are asked for. */
    static float[] grown(Path file, float[] old, long samples, long askedFor, int sampleRate) {
        if (samples > most()) {
            throw tooMany(file, askedFor, sampleRate);
        }
        try {
            return Arrays.copyOf(old, (int) samples);
        } catch (OutOfMemoryError _) {
            // One array was too much: nothing is half done, and what others hold stays whole.
            throw tooMany(file, askedFor, sampleRate);
        }
    }

    private static BadInputException tooMany(Path file, long samples, int sampleRate) {
        return new BadInputException(String.format(
                Locale.ROOT,
                "%s: %d samples (%.6g s) can't be read at once: they take %d MiB, the heap has %d MiB; read it in parts"
                        + " (offset and duration) or give the JVM more memory (-Xmx)",
                file,
                samples,
                (double) samples / sampleRate,
                (samples * Float.BYTES + (1 << 20) - 1) >> 20,
                Runtime.getRuntime().maxMemory() >> 20));
    }
}
