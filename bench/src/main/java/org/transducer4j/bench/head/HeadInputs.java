package org.transducer4j.bench.head;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.loss.Activation;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Parameter;
import org.transducer4j.loss.Utterance;

/** Seeded inputs: encoder and predictor outputs ~ N(0, 1), W ~ N(0, 1/H), bias 0. */
final class HeadInputs {
    final JointNetwork joint;
    final List<Batch> batches = new ArrayList<>();

    /**
     * A batch.
     *
     * @param utterances encoder (T, H) and predictor (U+1, H) outputs
     * @param simple am (T, V) and lm (U+1, V) of the simple joiner; empty where there is none
     */
    record Batch(List<Utterance> utterances, List<Utterance> simple) {}

    HeadInputs(Arena arena, HeadSize size, List<List<Lengths>> lengths, boolean withSimple, long seed) {
        Random random = new Random(seed);
        joint = new JointNetwork(
                Activation.TANH,
                parameter(arena, random, size.vocabulary(), size.width(), 1 / Math.sqrt(size.width())),
                parameter(arena, random, 1, size.vocabulary(), 0));
        for (List<Lengths> batch : lengths) {
            List<Utterance> utterances = new ArrayList<>();
            List<Utterance> simple = new ArrayList<>();
            for (Lengths length : batch) {
                int[] labels = new int[length.labels()];
                Arrays.setAll(labels, u -> 1 + random.nextInt(size.vocabulary() - 1));
                utterances.add(utterance(arena, random, utterances.size(), length, size.width(), labels));
                if (withSimple) {
                    simple.add(utterance(arena, random, simple.size(), length, size.vocabulary(), labels));
                }
            }
            batches.add(new Batch(utterances, simple));
        }
    }

    private static Utterance utterance(
            Arena arena, Random random, int number, Lengths length, int columns, int[] labels) {
        return new Utterance(
                "utterance " + number,
                parameter(arena, random, length.frames(), columns, 1),
                parameter(arena, random, length.labels() + 1L, columns, 1),
                labels);
    }

    private static Parameter parameter(Arena arena, Random random, long rows, int columns, double scale) {
        Matrix value = Matrix.zeros(arena, rows, columns);
        for (long i = 0; i < rows * columns && scale > 0; i++) {
            value.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (scale * random.nextGaussian()));
        }
        return new Parameter(value, Matrix.zeros(arena, rows, columns));
    }
}
