package org.transducer4j.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;

/** Seeded inputs, off the heap as a tensor's are. */
public final class Inputs {
    private final Random random = new Random(1);

    /** Starts from the seed. */
    public Inputs() {}

    /**
     * Numbers ~ N(0, 1).
     *
     * @param n how many
     * @return them
     */
    public float[] normal(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    /** Labels other than blank, which is 0. */
    int[] labels(int count, int vocabulary) {
        return random.ints(count, 1, vocabulary).toArray();
    }

    Parameter parameter(int rows, int columns, double scale) {
        Matrix value = Matrix.zeros(Arena.ofAuto(), rows, columns);
        for (long i = 0; i < (long) rows * columns; i++) {
            value.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (scale * random.nextGaussian()));
        }
        return new Parameter(value, Matrix.zeros(Arena.ofAuto(), rows, columns));
    }

    Utterance utterance(int frames, int labels, int columns, int vocabulary) {
        return new Utterance(
                "benchmark",
                parameter(frames, columns, 1),
                parameter(labels + 1, columns, 1),
                labels(labels, vocabulary));
    }

    JointNetwork joint(int vocabulary, int width) {
        return new JointNetwork(
                Activation.TANH, parameter(vocabulary, width, 1 / Math.sqrt(width)), parameter(1, vocabulary, 1));
    }
}
