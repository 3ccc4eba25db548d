package org.transducer4j.loss.internal.cpu;

/** Counts the scratch memory in hand, and its peak. */
public final class ScratchMeter {
    private long held;
    private long peak;

    /**
     * Counts an allocation.
     *
     * @param bytes its size
     */
    public void take(long bytes) {
        held += bytes;
        peak = Math.max(peak, held);
    }

    /**
     * Counts a release.
     *
     * @param bytes its size
     */
    public void give(long bytes) {
        held -= bytes;
    }

    /** The peak becomes what is held now. */
    public void reset() {
        peak = held;
    }

    /**
     * The peak.
     *
     * @return bytes
     */
    public long peak() {
        return peak;
    }
}
