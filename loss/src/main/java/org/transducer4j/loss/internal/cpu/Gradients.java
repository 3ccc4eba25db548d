package org.transducer4j.loss.internal.cpu;

import java.util.List;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.Band;

/** What is done to whole gradients in memory that the CPU reads and writes. */
public final class Gradients {
    private Gradients() {}

    /** Sets the gradients of outputs to zero that have matrices of their own. */
    public static void clear(List<Member> batch) {
        for (Member member : batch) {
            clear(member.utterance().encoder());
            clear(member.utterance().predictor());
        }
    }

    private static void clear(Parameter parameter) {
        Matrix gradient = parameter.gradient();
        if (gradient != null && !parameter.isInPlace()) {
            gradient.clear();
        }
    }

    /** Multiplies all elements. */
    public static void scale(Matrix gradient, float factor) {
        float[] row = new float[gradient.columns()];
        for (long r = 0; r < gradient.rows(); r++) {
            gradient.read(r, row, 0);
            for (int c = 0; c < row.length; c++) {
                row[c] *= factor;
            }
            gradient.write(r, row, 0);
        }
    }

    /** What isn't in the band has no gradient, and where that is written over the logits they must not stay there. */
    public static void clearOutside(Band band, LogitsRows gradient, boolean all) {
        for (int t = 0; t < gradient.frames(); t++) {
            int positions = gradient.positions();
            if (t < band.frames() && !all) {
                clear(gradient, t, 0, band.begin(t));
                clear(gradient, t, band.end(t), positions);
            } else {
                clear(gradient, t, 0, positions);
            }
        }
    }

    private static void clear(LogitsRows gradient, int t, int from, int to) {
        if (from < to) {
            long offset = gradient.offset(t, from);
            gradient.data().asSlice(offset, gradient.offset(t, to) - offset).fill((byte) 0);
        }
    }
}
