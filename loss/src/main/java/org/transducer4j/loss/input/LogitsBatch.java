package org.transducer4j.loss.input;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.internal.check.Segments;

/**
 * Ready-made logits (or log-probabilities) of a batch, float32 in native byte order.
 *
 * <p>Padded: (B, Tmax, Umax+1, V); what lies outside an utterance's own T and U+1 is never read, its gradient is zero.
 * Packed: utterance after utterance, each (T, U+1, V), nothing between them.
 *
 * @param logits the scores, exactly as many as the sizes say
 * @param gradient where the gradient is written, in the same layout, or null. May be {@code logits} itself: the
 *     gradient then takes their place
 * @param scores logits or log-probabilities
 * @param packed packed or padded
 * @param maxFrames Tmax, or the largest T where packed
 * @param maxLabels Umax, or the largest U where packed
 * @param vocabulary V, blank included
 * @param frames T of each utterance, 1 to maxFrames. Copied on the way in and out
 * @param labels the labels of each utterance, 0 to maxLabels of them. Copied on the way in and out
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
     * @throws NullPointerException if something is null, by its name
     */
    public LogitsBatch {
        Require.given(logits, "logits");
        Require.given(scores, "scores");
        frames = Require.given(frames, "frames").clone();
        labels = copy(labels);
        Require.that(vocabulary >= 2, "vocabulary must be >= 2 (blank and a label), not %d", vocabulary);
        Require.that(maxFrames >= 0, "maxFrames must be >= 0, not %d", maxFrames);
        Require.that(maxLabels >= 0, "maxLabels must be >= 0, not %d", maxLabels);
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
        requireSize("logits", logits, bytes);
        if (gradient != null) {
            requireSize("gradient", gradient, bytes);
            Require.that(!gradient.isReadOnly(), "the gradient is to be written, but its segment can only be read");
            Require.that(
                    Segments.sameStart(gradient, logits) || !Segments.overlap(gradient, logits),
                    "the gradient must lie apart from the logits or take their very place; it overlaps a part of them");
        }
    }

    private static int[][] copy(int[][] labels) {
        int[][] copy = Require.given(labels, "labels").clone();
        for (int b = 0; b < copy.length; b++) {
            copy[b] = Require.given(copy[b], "labels[" + b + "]").clone();
        }
        return copy;
    }

    /** Larger isn't better: it is what lengths in the wrong order look like. */
    private static void requireSize(String what, MemorySegment segment, long bytes) {
        Segments.requireElements("the " + what, segment, Float.BYTES);
        Require.that(
                segment.byteSize() == bytes,
                "the sizes and lengths make %d bytes of %s, the segment has %d%s",
                bytes,
                what,
                segment.byteSize(),
                segment.byteSize() > bytes ? "; a part of it is a slice, MemorySegment.asSlice" : "");
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
     * @throws IllegalArgumentException if something doesn't fit, with what was expected
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
     * @throws IllegalArgumentException if something doesn't fit, with what was expected
     */
    public static LogitsBatch packed(MemorySegment logits, int vocabulary, int[] frames, int[][] labels) {
        int maxFrames = 0;
        for (int t : Require.given(frames, "frames")) {
            maxFrames = Math.max(maxFrames, t);
        }
        int maxLabels = 0;
        for (int[] y : copy(labels)) {
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

    @Override
    public int[] frames() {
        return frames.clone();
    }

    /**
     * T of an utterance.
     *
     * @param utterance its index
     * @return the number of frames
     */
    public int frames(int utterance) {
        return frames[utterance];
    }

    @Override
    public int[][] labels() {
        return copy(labels);
    }

    /**
     * The labels of an utterance.
     *
     * @param utterance its index
     * @return a copy
     */
    public int[] labels(int utterance) {
        return labels[utterance].clone();
    }

    /**
     * U of an utterance.
     *
     * @param utterance its index
     * @return the number of labels
     */
    public int labelCount(int utterance) {
        return labels[utterance].length;
    }

    /**
     * B.
     *
     * @return the number of utterances
     */
    public int utterances() {
        return frames.length;
    }

    /**
     * The bytes that logits or their gradient take.
     *
     * @return the number
     */
    public long byteSize() {
        return bytes(packed, maxFrames, maxLabels, vocabulary, frames, labels);
    }

    /**
     * Where the scores of an utterance lie in a segment of this layout.
     *
     * @param segment logits or gradient
     * @param utterance its index
     * @return the place
     */
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
                segment.asSlice(offset * Float.BYTES),
                packed ? frames[utterance] : maxFrames,
                stride,
                vocabulary,
                scores == Scores.LOG_PROBABILITIES);
    }

    private static long bytes(
            boolean packed, int maxFrames, int maxLabels, int vocabulary, int[] frames, int[][] labels) {
        String what = "a batch of logits";
        if (!packed) {
            return Require.product(what, frames.length, maxFrames, maxLabels + 1L, vocabulary, Float.BYTES);
        }
        long bytes = 0;
        for (int b = 0; b < frames.length; b++) {
            bytes += Require.product(what, frames[b], labels[b].length + 1L, vocabulary, Float.BYTES);
            Require.that(bytes >= 0, "%s of %d utterances is larger than can be addressed", what, frames.length);
        }
        return bytes;
    }
}
