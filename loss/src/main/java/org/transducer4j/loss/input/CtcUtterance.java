package org.transducer4j.loss.input;

import org.transducer4j.loss.input.Matrix.Format;
import org.transducer4j.loss.internal.check.Require;

/**
 * One utterance of the CTC loss. There is no padding: a row of a padded batch is given as a view of its valid rows
 * ({@link Matrix#rows}).
 *
 * @param name what error messages call it
 * @param logits (T, V) before softmax, T at least 1. The gradient is <em>written</em>, every element of it, and may be the
 *     matrix of the logits itself: it then takes their place
 * @param labels the U labels; may be empty. Copied on the way in and out
 */
public record CtcUtterance(String name, Parameter logits, int[] labels) {
    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if there are no frames or fewer than two symbols
     * @throws NullPointerException if something is null, by its name
     */
    public CtcUtterance {
        Require.given(name, "name");
        Require.given(logits, "logits");
        labels = Require.given(labels, "labels").clone();
        Require.that(logits.value().format() == Format.FLOAT32, "utterance %s: its logits must be float32", name);
        Require.that(
                logits.value().rows() >= 1 && logits.value().rows() <= Integer.MAX_VALUE,
                "utterance %s: needs 1 frame or more, has %d",
                name,
                logits.value().rows());
        Require.that(
                logits.value().columns() >= 2,
                "utterance %s: vocabulary must be >= 2 (blank and a label), not %d",
                name,
                logits.value().columns());
    }

    @Override
    public int[] labels() {
        return labels.clone();
    }

    /**
     * U.
     *
     * @return the number of labels
     */
    public int labelCount() {
        return labels.length;
    }

    /**
     * T.
     *
     * @return the number of frames
     */
    public int frames() {
        return (int) logits.value().rows();
    }

    /**
     * The frames that the labels need: one each, and one for the blank between equal neighbours.
     *
     * @return the smallest T that has a path
     */
    public int neededFrames() {
        int needed = labels.length;
        for (int u = 1; u < labels.length; u++) {
            needed += labels[u] == labels[u - 1] ? 1 : 0;
        }
        return needed;
    }
}
