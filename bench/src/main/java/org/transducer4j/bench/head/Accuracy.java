package org.transducer4j.bench.head;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Schedule;

/** Holds losses and gradients of methods against the reference: textbook loops in double precision, all nodes. */
public final class Accuracy {
    private Accuracy() {}

    /**
     * What is compared.
     *
     * @param options shapes and methods; repetitions don't matter
     * @return a task for each
     * @throws IllegalArgumentException for pruned methods: their windows come from the inputs' rounding, too; and as
     *     {@link HeadOptions#tasks}
     */
    public static List<HeadTask> tasks(HeadOptions options) {
        List<HeadTask> tasks = options.tasks();
        for (HeadTask task : tasks) {
            if (task.how().simpleJoiner()) {
                throw new IllegalArgumentException(task.method()
                        + ": accuracy is that of methods on given nodes; where two nearly equal windows are chosen differently,"
                        + " a pruned loss is another loss");
            }
        }
        return tasks;
    }

    /**
     * Compares. The reference is computed once for each shape and set of nodes; it takes minutes where a method takes a second.
     *
     * @param tasks as {@link #tasks} gives them
     * @param done hears of each result
     * @return the results, shape by shape and method by method
     */
    public static List<AccuracyResult> run(List<HeadTask> tasks, Consumer<AccuracyResult> done) {
        List<AccuracyResult> results = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            Map<String, Computed> references = new HashMap<>();
            for (HeadTask task : tasks) {
                NamedMethod method = task.how();
                Computed exact = references.computeIfAbsent(
                        task.shape() + method.method().band().word(),
                        _ -> Computed.of(
                                arena,
                                task,
                                method,
                                task.lossOptions(1)
                                        .withSchedule(new Schedule.SampleWise())
                                        .withMemoryBudget(new MemoryBudget(Long.MAX_VALUE))
                                        .withOccupancyFloor(0)
                                        .withProvider("reference")));
                AccuracyResult result = Computed.of(arena, task, method, task.lossOptions(task.threads()))
                        .against(exact, task);
                done.accept(result);
                results.add(result);
            }
        }
        return results;
    }

    /** A batch with its losses, and gradients where its parameters say. */
    private record Computed(HeadInputs inputs, LossResult result) {
        static Computed of(Arena arena, HeadTask task, NamedMethod method, LossOptions options) {
            HeadInputs inputs = new HeadInputs(arena, task.size(), task.batches(), false, task.draw());
            try (HeadStep step = new HeadStep(method, options)) {
                return new Computed(inputs, step.run(inputs.joint, inputs.batches.getFirst()));
            }
        }

        AccuracyResult against(Computed exact, HeadTask task) {
            Distance losses = new Distance();
            for (int b = 0; b < result.losses().length; b++) {
                losses.add(result.losses()[b], exact.result.losses()[b]);
            }
            Distance encoder = new Distance();
            Distance predictor = new Distance();
            List<Utterance> mine = inputs.batches.getFirst().utterances();
            List<Utterance> theirs = exact.inputs.batches.getFirst().utterances();
            for (int b = 0; b < mine.size(); b++) {
                encoder.add(mine.get(b).encoder(), theirs.get(b).encoder());
                predictor.add(mine.get(b).predictor(), theirs.get(b).predictor());
            }
            Distance weight = new Distance();
            weight.add(inputs.joint.weight(), exact.inputs.joint.weight());
            Distance bias = new Distance();
            bias.add(inputs.joint.bias(), exact.inputs.joint.bias());
            return new AccuracyResult(
                    task.shape(),
                    task.method(),
                    losses.relative(),
                    encoder.relative(),
                    predictor.relative(),
                    weight.relative(),
                    bias.relative(),
                    result.nodes(),
                    result.nodesBackward(),
                    result.leftOut());
        }
    }

    private static final class Distance {
        private double difference;
        private double norm;

        void add(double x, double exact) {
            difference += (x - exact) * (x - exact);
            norm += exact * exact;
        }

        void add(Parameter x, Parameter exact) {
            Matrix mine = Objects.requireNonNull(x.gradient());
            Matrix theirs = Objects.requireNonNull(exact.gradient());
            for (int r = 0; r < mine.rows(); r++) {
                for (int c = 0; c < mine.columns(); c++) {
                    add(mine.get(r, c), theirs.get(r, c));
                }
            }
        }

        double relative() {
            return Math.sqrt(difference / norm);
        }
    }
}
