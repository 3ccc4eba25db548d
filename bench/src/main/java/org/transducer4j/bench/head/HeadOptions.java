package org.transducer4j.bench.head;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.Machine;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * What to measure.
 *
 * @param shapes of the batches
 * @param lengths a file of rows T,U that take the place of the shapes' T and U, or null
 * @param firstBatch number of the first batch of that file to measure, from 0
 * @param lastBatch number of the last one
 * @param methods words of methods, see {@link org.transducer4j.loss.method.Method}
 * @param threads of the loss
 * @param reps repetitions after the warm-up
 * @param occupancyFloor of the methods that end in +floor
 * @param memoryBudget of sample-wise and tiled; the others hold what they need
 * @param draw of lengths, inputs and weights
 * @param provider name of the kernels, or null for the best that run here
 */
public record HeadOptions(
        List<HeadShape> shapes,
        @Nullable Path lengths,
        int firstBatch,
        int lastBatch,
        List<String> methods,
        int threads,
        int reps,
        double occupancyFloor,
        MemoryBudget memoryBudget,
        Draw draw,
        @Nullable String provider) {
    private static final int WARM_UP_RUNS = 2;
    private static final double WARM_UP_SECONDS = 3;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range, or a method or provider is unknown
     */
    public HeadOptions {
        require(!shapes.isEmpty(), "there is no shape to measure");
        require(!methods.isEmpty(), "there is no method to measure");
        require(
                new HashSet<>(methods).size() == methods.size(),
                "each method is measured once, not " + String.join(",", methods));
        LossOptions.defaults().withThreads(threads); // checks
        require(reps >= 1, "repetitions must be >= 1, not " + reps);
        require(
                firstBatch >= 0 && lastBatch >= firstBatch,
                "batches are FROM-TO, 0 <= FROM <= TO, not " + firstBatch + "-" + lastBatch);
        methods.forEach(method -> NamedMethod.parse(method, occupancyFloor));
        KernelProviders.choose(provider); // checks
    }

    /**
     * What each process measures, shape by shape and method by method.
     *
     * @return the tasks
     * @throws IllegalArgumentException if the file has too few lengths, or a batch doesn't fit into this machine's memory
     * @throws org.transducer4j.speech.BadInputException if it can't be read
     */
    public List<HeadTask> tasks() {
        List<HeadTask> tasks = new ArrayList<>();
        for (HeadShape shape : shapes) {
            List<List<Lengths>> batches =
                    lengths == null ? List.of(shape.draw(draw.seed())) : shape.read(lengths, firstBatch, lastBatch);
            for (String method : methods) {
                tasks.add(new HeadTask(
                        shape.toString(),
                        shape.size(),
                        batches,
                        method,
                        threads,
                        occupancyFloor,
                        memoryBudget,
                        new HeadTask.Repetitions(WARM_UP_RUNS, WARM_UP_SECONDS, reps),
                        draw,
                        provider));
            }
        }
        tasks.forEach(task -> task.checkFits(Machine.memoryBytes()));
        return tasks;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
