package org.transducer4j.bench.head;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;

/**
 * Seeded inputs: encoder and predictor outputs ~ N(0, 1), W ~ N(0, 1/H), bias 0. Batches are computed one after another, so they
 * share the memory of the largest.
 */
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

    HeadInputs(Arena arena, HeadSize size, List<List<Lengths>> lengths, boolean withSimple, Draw draw) {
        Random random = new Random(draw.seed());
        joint = new JointNetwork(
                Activation.TANH,
                parameter(arena, random, size.vocabulary(), size.width(), draw.weightScale() / Math.sqrt(size.width())),
                parameter(arena, random, 1, size.vocabulary(), 0));
        Rows encoder = new Rows(arena, random, most(lengths, Lengths::frames), size.width());
        Rows predictor = new Rows(arena, random, most(lengths, l -> l.labels() + 1L), size.width());
        Rows am = new Rows(arena, random, withSimple ? most(lengths, Lengths::frames) : 1, size.vocabulary());
        Rows lm = new Rows(arena, random, withSimple ? most(lengths, l -> l.labels() + 1L) : 1, size.vocabulary());
        for (List<Lengths> batch : lengths) {
            List.of(encoder, predictor, am, lm).forEach(Rows::rewind);
            List<Utterance> utterances = new ArrayList<>();
            List<Utterance> simple = new ArrayList<>();
            for (Lengths length : batch) {
                int[] labels = new int[length.labels()];
                Arrays.setAll(labels, u -> 1 + random.nextInt(size.vocabulary() - 1));
                String name = "utterance " + utterances.size();
                utterances.add(new Utterance(
                        name, encoder.next(length.frames()), predictor.next(length.labels() + 1L), labels));
                if (withSimple) {
                    simple.add(new Utterance(name, am.next(length.frames()), lm.next(length.labels() + 1L), labels));
                }
            }
            batches.add(new Batch(utterances, simple));
        }
    }

    private static long most(List<List<Lengths>> lengths, ToLongFunction<Lengths> rows) {
        return lengths.stream()
                .mapToLong(batch -> batch.stream().mapToLong(rows).sum())
                .max()
                .orElseThrow();
    }

    /** Rows of numbers, handed out in their order. */
    private static final class Rows {
        private final Parameter all;
        private long next;

        Rows(Arena arena, Random random, long rows, int columns) {
            all = parameter(arena, random, rows, columns, 1);
        }

        void rewind() {
            next = 0;
        }

        Parameter next(long count) {
            long from = next;
            next += count;
            Matrix gradient = Objects.requireNonNull(all.gradient());
            return new Parameter(all.value().rows(from, count), gradient.rows(from, count));
        }
    }

    private static Parameter parameter(Arena arena, Random random, long rows, int columns, double scale) {
        Matrix value = Matrix.zeros(arena, rows, columns);
        for (long i = 0; i < rows * columns && scale > 0; i++) {
            value.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (scale * random.nextGaussian()));
        }
        return new Parameter(value, Matrix.zeros(arena, rows, columns));
    }
}
