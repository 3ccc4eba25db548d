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
        return grown(file, new float[0], samples, sampleRate);
    }

    /** A longer copy of an array. */
    static float[] grown(Path file, float[] old, long samples, int sampleRate) {
        long limit = Runtime.getRuntime().maxMemory() / 2;
        if (samples > LONGEST || 4 * samples > limit) {
            throw tooMany(file, samples, sampleRate);
        }
        try {
            return Arrays.copyOf(old, (int) samples);
        } catch (OutOfMemoryError _) {
            // One array was too much: nothing is half done, and what others hold stays whole.
            throw tooMany(file, samples, sampleRate);
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
                (samples * 4 + (1 << 20) - 1) >> 20,
                Runtime.getRuntime().maxMemory() >> 20));
    }
}
