package org.transducer4j.asr.criterion;

import java.lang.foreign.Arena;
import java.util.List;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;

/**
 * Matrices for a plan. Only shapes count in one, so all utterances share those of the largest.
 *
 * @param arena where they lie
 * @param batch the utterances
 * @param gradients whether they want gradients
 */
record Shapes(Arena arena, List<UtteranceShape> batch, boolean gradients) {
    /** (Tmax, columns). */
    Parameter ofFrames(int columns) {
        return of(batch.stream().mapToInt(UtteranceShape::frames).max().orElseThrow(), columns);
    }

    /** (Umax+1, columns). */
    Parameter ofPositions(int columns) {
        return of(batch.stream().mapToInt(UtteranceShape::labels).max().orElseThrow() + 1L, columns);
    }

    Parameter of(long rows, int columns) {
        return new Parameter(Matrix.zeros(arena, rows, columns), gradients ? Matrix.zeros(arena, rows, columns) : null);
    }

    /** The first rows of it. */
    static Parameter rows(Parameter parameter, long count) {
        Matrix gradient = parameter.gradient();
        return new Parameter(parameter.value().rows(0, count), gradient == null ? null : gradient.rows(0, count));
    }
}
