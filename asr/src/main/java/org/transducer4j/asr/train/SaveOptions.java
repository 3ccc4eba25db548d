package org.transducer4j.asr.train;

/**
 * When the last checkpoint and the best model are written, besides at the beginning and at the end. It changes nothing in the result.
 *
 * @param seconds after so many seconds at the earliest: later in a long run, and where writing takes long ({@code docs/training.md}); 0: only
 *     when an epoch ends
 * @param steps after so many batches, in any case; 0: not
 */
public record SaveOptions(double seconds, long steps) {
    /** Checks each option. */
    public SaveOptions {
        if (!(seconds >= 0) || steps < 0) {
            throw new IllegalArgumentException("want 0 or more, got " + seconds + " seconds and " + steps + " steps");
        }
    }

    /**
     * @return every 20 seconds at the most
     */
    public static SaveOptions defaults() {
        return new SaveOptions(20, 0);
    }
}
