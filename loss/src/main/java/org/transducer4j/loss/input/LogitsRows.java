package org.transducer4j.loss.input;

import java.lang.foreign.MemorySegment;

/**
 * Where the scores of one utterance are: those of node (t,u) begin at float t x frameStride + u x V.
 *
 * @param data float32, the utterance's first score at offset 0
 * @param frames frames that lie there: Tmax where padded, else T
 * @param frameStride floats from one frame to the next: (Umax+1) V where padded, (U+1) V where packed
 * @param vocabulary V
 * @param logProbabilities whether the scores are already normalised over V
 */
public record LogitsRows(MemorySegment data, int frames, long frameStride, int vocabulary, boolean logProbabilities) {
    /**
     * Label positions of a frame, padding included.
     *
     * @return their number
     */
    public int positions() {
        return (int) (frameStride / vocabulary);
    }

    /**
     * Byte offset of a node's scores.
     *
     * @param t frame
     * @param u label position
     * @return the offset
     */
    public long offset(int t, int u) {
        return (t * frameStride + (long) u * vocabulary) * Float.BYTES;
    }
}
