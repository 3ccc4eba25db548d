package org.transducer4j.speech.audio;

/**
 * What the header of a sound file says.
 *
 * @param sampleRate in Hz
 * @param channels number of channels
 * @param samples samples a channel; -1 where the header doesn't say
 */
public record AudioInfo(int sampleRate, int channels, long samples) {
    /** The lowest sample rate that is read, in Hz; one below it would make many samples of few by resampling. */
    public static final int LEAST_RATE = 1000;

    /** The highest sample rate that is read, in Hz: what FLAC can say. */
    public static final int MOST_RATE = (1 << 20) - 1;

    static boolean isPlausible(int sampleRate) {
        return sampleRate >= LEAST_RATE && sampleRate <= MOST_RATE;
    }
}
