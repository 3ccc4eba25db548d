package org.transducer4j.loss.input;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.internal.check.Require;

/**
 * Ready-made logits (or log-probabilities) of a batch, float32 in native byte order.
 *
 * <p>Padded: (B, Tmax, Umax+1, V); what lies outside an utterance's own T and U+1 is never read, its gradient is zero.
 * Packed: utterance after utterance, each (T, U+1, V), nothing between them.
 *
 * @param logits the scores
 * @param gradient where the gradient is written, in the same layout, or null. May be {@code logits} itself: the
 *     gradient then takes their place
 * @param scores logits or log-probabilities
 * @param packed packed or padded
 * @param maxFrames Tmax, or the largest T where packed
 * @param maxLabels Umax, or the largest U where packed
 * @param vocabulary V, blank included
 * @param frames T of each utterance, 1 to maxFrames
 * @param labels the labels of each utterance, 0 to maxLabels of them
 */
public record LogitsBatch(
        MemorySegment logits,
        @Nullable MemorySegment gradient,
        Scores scores,
        boolean packed,
        int maxFrames,
        int maxLabels,
        int vocabulary,
        int[] frames,
        int[][] labels) {
    /**
     * Checks lengths and sizes.
     *
     * @throws IllegalArgumentException if something doesn't fit, with what was expected
     */
    public LogitsBatch {
        Require.that(vocabulary >= 2, "vocabulary must be >= 2 (blank and a label), not %d", vocabulary);
        Require.that(
                frames.length == labels.length,
                "%d utterances have frames, %d have labels",
                frames.length,
                labels.length);
        for (int b = 0; b < frames.length; b++) {
            Require.that(
                    frames[b] >= 1 && frames[b] <= maxFrames,
                    "utterance %d: frames must be 1 to %d, not %d",
                    b,
                    maxFrames,
                    frames[b]);
            Require.that(
                    labels[b].length <= maxLabels,
                    "utterance %d: labels must be at most %d, not %d",
                    b,
                    maxLabels,
                    labels[b].length);
        }
        long bytes = bytes(packed, maxFrames, maxLabels, vocabulary, frames, labels);
        Require.that(
                logits.byteSize() >= bytes, "the logits need %d bytes, the segment has %d", bytes, logits.byteSize());
        if (gradient != null) {
            Require.that(
                    gradient.byteSize() >= bytes,
                    "the gradient needs %d bytes, the segment has %d",
                    bytes,
                    gradient.byteSize());
        }
    }

    /**
     * A padded batch of logits, without gradient.
     *
     * @param logits (B, Tmax, Umax+1, V)
     * @param maxFrames Tmax
     * @param maxLabels Umax
     * @param vocabulary V
     * @param frames T of each utterance
     * @param labels labels of each utterance
     * @return the batch
     */
    public static LogitsBatch padded(
            MemorySegment logits, int maxFrames, int maxLabels, int vocabulary, int[] frames, int[][] labels) {
        return new LogitsBatch(logits, null, Scores.LOGITS, false, maxFrames, maxLabels, vocabulary, frames, labels);
    }

    /**
     * A packed batch of logits, without gradient.
     *
     * @param logits utterance after utterance, each (T, U+1, V)
     * @param vocabulary V
     * @param frames T of each utterance
     * @param labels labels of each utterance
     * @return the batch
     */
    public static LogitsBatch packed(MemorySegment logits, int vocabulary, int[] frames, int[][] labels) {
        int maxFrames = 0;
        for (int t : frames) {
            maxFrames = Math.max(maxFrames, t);
        }
        int maxLabels = 0;
        for (int[] y : labels) {
            maxLabels = Math.max(maxLabels, y.length);
        }
        return new LogitsBatch(logits, null, Scores.LOGITS, true, maxFrames, maxLabels, vocabulary, frames, labels);
    }

    /**
     * The same batch, with its gradient.
     *
     * @param gradient where it is written
     * @return the changed batch
     */
    public LogitsBatch withGradient(@Nullable MemorySegment gradient) {
        return new LogitsBatch(logits, gradient, scores, packed, maxFrames, maxLabels, vocabulary, frames, labels);
    }

    /**
     * The same batch, its gradient written over the logits.
     *
     * @return the changed batch
     */
    public LogitsBatch withGradientInPlace() {
        return withGradient(logits);
    }

    /**
     * The same batch, its numbers taken as what is said.
     *
     * @param scores logits or log-probabilities
     * @return the changed batch
     */
    public LogitsBatch withScores(Scores scores) {
        return new LogitsBatch(logits, gradient, scores, packed, maxFrames, maxLabels, vocabulary, frames, labels);
    }

    /**
     * The bytes that logits or their gradient take.
     *
     * @return the number
     */
    public long byteSize() {
        return bytes(packed, maxFrames, maxLabels, vocabulary, frames, labels);
    }

    /** Where the scores of an utterance lie in a segment of this layout. */
    public LogitsRows rows(MemorySegment segment, int utterance) {
        long offset = 0;
        long stride = (long) (packed ? labels[utterance].length + 1 : maxLabels + 1) * vocabulary;
        if (packed) {
            for (int b = 0; b < utterance; b++) {
                offset += frames[b] * (labels[b].length + 1L) * vocabulary;
            }
        } else {
            offset = utterance * (long) maxFrames * stride;
        }
        return new LogitsRows(
                segment.asSlice(offset * Float.BYTES), stride, vocabulary, scores == Scores.LOG_PROBABILITIES);
    }

    private static long bytes(
            boolean packed, int maxFrames, int maxLabels, int vocabulary, int[] frames, int[][] labels) {
        long rows = 0;
        if (packed) {
            for (int b = 0; b < frames.length; b++) {
                rows += frames[b] * (labels[b].length + 1L);
            }
        } else {
            rows = Math.multiplyExact(Math.multiplyExact((long) frames.length, maxFrames), maxLabels + 1L);
        }
        return Math.multiplyExact(Math.multiplyExact(rows, vocabulary), Float.BYTES);
    }
}
