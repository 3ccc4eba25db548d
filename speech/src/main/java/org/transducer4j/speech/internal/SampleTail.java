package org.transducer4j.speech.internal;

import java.util.Arrays;

/** The end of a sound that comes in pieces: the samples that are still needed, and where in the sound they lie. */
public final class SampleTail {
    private float[] samples = new float[0];
    private long start;

    /** The end of a sound that hasn't begun. */
    public SampleTail() {}

    /**
     * Adds the next piece.
     *
     * @param piece copied
     */
    public void append(float[] piece) {
        int kept = samples.length;
        samples = Arrays.copyOf(samples, Math.addExact(kept, piece.length));
        System.arraycopy(piece, 0, samples, kept, piece.length);
    }

    /**
     * Forgets what lies before a sample.
     *
     * @param first the first that is needed, counted from the sound's beginning; below what is held: nothing is forgotten
     */
    public void forgetBefore(long first) {
        int gone = Math.clamp(first - start, 0, samples.length);
        if (gone > 0) {
            samples = Arrays.copyOfRange(samples, gone, samples.length);
            start += gone;
        }
    }

    /**
     * What is held.
     *
     * @return the samples themselves
     */
    public float[] samples() {
        return samples;
    }

    /**
     * Where the first of them lies.
     *
     * @return its number, counted from the sound's beginning
     */
    public long start() {
        return start;
    }

    /**
     * How long the sound is so far.
     *
     * @return number of samples
     */
    public long end() {
        return start + samples.length;
    }
}
