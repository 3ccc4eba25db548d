package org.transducer4j.loss.input;

import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.Matrix.Format;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.internal.check.Segments;

/**
 * A matrix and the place where its gradient goes.
 *
 * @param value the matrix
 * @param gradient where the gradient is written, of the same shape, or null if nobody wants it
 */
public record Parameter(Matrix value, @Nullable Matrix gradient) {
    /**
     * Checks that the gradient has the value's shape, and lies apart from it or in its very place.
     *
     * @throws IllegalArgumentException if it hasn't or doesn't
     * @throws NullPointerException if the value is null
     */
    public Parameter {
        Require.given(value, "value");
        if (gradient != null) {
            Require.that(
                    gradient.rows() == value.rows() && gradient.columns() == value.columns(),
                    "the gradient of a %d x %d matrix can't be %d x %d",
                    value.rows(),
                    value.columns(),
                    gradient.rows(),
                    gradient.columns());
            boolean inPlace = samePlace(value, gradient);
            Require.that(
                    gradient.format() == Format.FLOAT32 || inPlace,
                    "sums of gradients need float32; as bfloat16 they can only take the place of the values");
            Require.that(
                    inPlace || !Segments.overlap(value.extent(), gradient.extent()),
                    "a gradient must lie apart from its values or take their very place; it overlaps a part of them");
        }
    }

    /**
     * A matrix of encoder or predictor outputs whose gradient overwrites it, for the loss of a joint network: that saves the room of
     * a second one. The gradients of an utterance are gathered in scratch memory, which counts in the memory budget, until nobody
     * reads the values any more. If a computation ends with an exception, some values may already be overwritten.
     *
     * @param matrix value first, then gradient
     * @return the parameter
     */
    public static Parameter inPlace(Matrix matrix) {
        return new Parameter(matrix, matrix);
    }

    /**
     * Whether the gradient takes the value's place.
     *
     * @return whether both are the same memory
     */
    public boolean isInPlace() {
        return gradient != null && samePlace(value, gradient);
    }

    private static boolean samePlace(Matrix value, Matrix gradient) {
        return value.format() == gradient.format() && Segments.sameStart(value.data(), gradient.data());
    }

    /**
     * A matrix whose gradient nobody wants.
     *
     * @param value the matrix
     * @return the parameter
     */
    public static Parameter constant(Matrix value) {
        return new Parameter(value, null);
    }
}
