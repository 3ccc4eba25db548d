package org.transducer4j.speech.audio;

import org.transducer4j.speech.internal.Require;

/**
 * Mono sound.
 *
 * @param samples in [-1, 1]; not copied
 * @param sampleRate in Hz
 */
public record Audio(float[] samples, int sampleRate) {
    /** Checks the rate. */
    public Audio {
        Require.that(sampleRate > 0, "sample rate must be positive, got %d", sampleRate);
    }

    /**
     * @return length in seconds
     */
    public double seconds() {
        return (double) samples.length / sampleRate;
    }
}
