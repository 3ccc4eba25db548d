package org.transducer4j.asr.train;

/**
 * When the last checkpoint is written, besides at the end of each epoch. It changes nothing in the result.
 *
 * @param seconds after so many seconds; 0: not
 * @param steps after so many batches; 0: not
 */
public record SaveOptions(double seconds, long steps) {
    /** Checks each option. */
    public SaveOptions {
        if (!(seconds >= 0) || steps < 0) {
            throw new IllegalArgumentException("want 0 or more, got " + seconds + " seconds and " + steps + " steps");
        }
    }

    /**
     * @return every 20 seconds
     */
    public static SaveOptions defaults() {
        return new SaveOptions(20, 0);
    }
}
