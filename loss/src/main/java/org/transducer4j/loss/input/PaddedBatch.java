package org.transducer4j.loss.input;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.internal.check.Require;

/**
 * A padded batch of encoder and predictor outputs as networks make it, float32 in native byte order. Padding is never read; its
 * gradient is zero.
 *
 * @param encoder (B, Tmax, H), exactly as many as the sizes say
 * @param encoderGradient where its gradient is written, in the same layout, or null. May be {@code encoder} itself: the gradient then takes
 *     its place, see {@link Parameter#inPlace}
 * @param predictor (B, Umax+1, H): row u is the predictor's output after u labels
 * @param predictorGradient where its gradient is written, or null; may be {@code predictor} itself
 * @param maxFrames Tmax
 * @param maxLabels Umax
 * @param width H
 * @param frames T of each utterance, 1 to maxFrames. Copied on the way in and out
 * @param labels the labels of each utterance, 0 to maxLabels of them. Copied on the way in and out
 */
public record PaddedBatch(
        MemorySegment encoder,
        @Nullable MemorySegment encoderGradient,
        MemorySegment predictor,
        @Nullable MemorySegment predictorGradient,
        int maxFrames,
        int maxLabels,
        int width,
        int[] frames,
        int[][] labels) {
    /**
     * Checks lengths and sizes.
     *
     * @throws IllegalArgumentException if something doesn't fit, with what was expected
     * @throws NullPointerException if something is null, by its name
     */
    public PaddedBatch {
        Require.given(encoder, "encoder");
        Require.given(predictor, "predictor");
        frames = Require.given(frames, "frames").clone();
        labels = copy(labels);
        Require.that(width >= 1, "the joint width must be >= 1, not %d", width);
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
        requireSize("encoder", encoder, frames.length, maxFrames, width);
        requireSize("encoderGradient", encoderGradient, frames.length, maxFrames, width);
        requireSize("predictor", predictor, frames.length, maxLabels + 1L, width);
        requireSize("predictorGradient", predictorGradient, frames.length, maxLabels + 1L, width);
    }

    private static void requireSize(String what, @Nullable MemorySegment segment, long batch, long rows, int width) {
        if (segment == null) {
            return;
        }
        long bytes = Require.product("the " + what, batch, rows, width, Float.BYTES);
        Require.that(
                segment.byteSize() == bytes,
                "%s of %d x %d x %d floats has %d bytes, the segment has %d",
                what,
                batch,
                rows,
                width,
                bytes,
                segment.byteSize());
    }

    private static int[][] copy(int[][] labels) {
        int[][] copy = Require.given(labels, "labels").clone();
        for (int b = 0; b < copy.length; b++) {
            copy[b] = Require.given(copy[b], "labels[" + b + "]").clone();
        }
        return copy;
    }

    /**
     * A batch without gradients.
     *
     * @param encoder (B, Tmax, H)
     * @param predictor (B, Umax+1, H)
     * @param maxFrames Tmax
     * @param maxLabels Umax
     * @param width H
     * @param frames T of each utterance
     * @param labels labels of each utterance
     * @return the batch
     * @throws IllegalArgumentException if something doesn't fit, with what was expected
     */
    public static PaddedBatch of(
            MemorySegment encoder,
            MemorySegment predictor,
            int maxFrames,
            int maxLabels,
            int width,
            int[] frames,
            int[][] labels) {
        return new PaddedBatch(encoder, null, predictor, null, maxFrames, maxLabels, width, frames, labels);
    }

    /**
     * The same batch, with gradients.
     *
     * @param ofEncoder (B, Tmax, H), or null
     * @param ofPredictor (B, Umax+1, H), or null
     * @return the changed batch
     * @throws IllegalArgumentException if their sizes don't fit
     */
    public PaddedBatch withGradients(@Nullable MemorySegment ofEncoder, @Nullable MemorySegment ofPredictor) {
        return new PaddedBatch(encoder, ofEncoder, predictor, ofPredictor, maxFrames, maxLabels, width, frames, labels);
    }

    /**
     * The same batch, its gradients written over its outputs.
     *
     * @return the changed batch
     */
    public PaddedBatch withGradientsInPlace() {
        return withGradients(encoder, predictor);
    }

    @Override
    public int[] frames() {
        return frames.clone();
    }

    @Override
    public int[][] labels() {
        return copy(labels);
    }

    /**
     * B.
     *
     * @return the number of utterances
     */
    public int size() {
        return frames.length;
    }

    /**
     * The utterances without their padding, named by their index.
     *
     * @return views, nothing is copied
     */
    public List<Utterance> utterances() {
        List<Utterance> utterances = new ArrayList<>();
        for (int b = 0; b < frames.length; b++) {
            utterances.add(new Utterance(
                    Integer.toString(b),
                    parameter(encoder, encoderGradient, b * (long) maxFrames, frames[b]),
                    parameter(predictor, predictorGradient, b * (maxLabels + 1L), labels[b].length + 1L),
                    labels[b]));
        }
        return utterances;
    }

    /**
     * Encoder outputs of all utterances, padding included, in one matrix.
     *
     * @return (B Tmax, H)
     */
    public Parameter wholeEncoder() {
        return parameter(encoder, encoderGradient, 0, (long) frames.length * maxFrames);
    }

    /**
     * Predictor outputs of all utterances, padding included, in one matrix.
     *
     * @return (B (Umax+1), H)
     */
    public Parameter wholePredictor() {
        return parameter(predictor, predictorGradient, 0, frames.length * (maxLabels + 1L));
    }

    private Parameter parameter(MemorySegment value, @Nullable MemorySegment gradient, long from, long rows) {
        return new Parameter(part(value, from, rows), gradient == null ? null : part(gradient, from, rows));
    }

    private Matrix part(MemorySegment segment, long from, long rows) {
        long rowBytes = (long) width * Float.BYTES;
        return new Matrix(segment.asSlice(from * rowBytes, rows * rowBytes), rows, width);
    }

    /**
     * What of the gradients belongs to no utterance: the loss sets it to zero.
     *
     * @return the rows of padding, where there are gradients and padding
     */
    public List<Matrix> gradientPadding() {
        List<Matrix> padding = new ArrayList<>();
        for (int b = 0; b < frames.length; b++) {
            addPadding(padding, encoderGradient, b, maxFrames, frames[b]);
            addPadding(padding, predictorGradient, b, maxLabels + 1L, labels[b].length + 1L);
        }
        return padding;
    }

    private void addPadding(List<Matrix> to, @Nullable MemorySegment gradient, int b, long rows, long valid) {
        if (gradient != null && valid < rows) {
            to.add(part(gradient, b * rows + valid, rows - valid));
        }
    }
}
