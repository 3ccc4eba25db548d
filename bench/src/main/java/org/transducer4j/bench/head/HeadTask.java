package org.transducer4j.bench.head;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.Machine;
import org.transducer4j.bench.plan.BatchPlan;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.Limits;
import org.transducer4j.bench.plan.MethodPlan;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Method;
import org.transducer4j.loss.method.Schedule;

/**
 * One method on given batches: what a process measures.
 *
 * @param shape what the measurement says of the batches, B,T,U,V,H
 * @param size V and H
 * @param batches lengths of the utterances of each
 * @param method its word, see {@link Method}
 * @param threads of the loss
 * @param occupancyFloor of methods that end in +floor
 * @param memoryBudget of sample-wise and those in tiles; the others hold what they need
 * @param repetitions how often
 * @param draw of inputs and weights
 * @param provider name of the kernels, or null for the best that run here
 */
public record HeadTask(
        String shape,
        HeadSize size,
        List<List<Lengths>> batches,
        String method,
        int threads,
        double occupancyFloor,
        MemoryBudget memoryBudget,
        Repetitions repetitions,
        Draw draw,
        @Nullable String provider) {
    /** The JVM itself, and arrays that were sized for one batch and are kept for another. */
    private static final long HEAP_BESIDE = 96L << 20;

    private static final double HEAP_SLACK = 1.25;

    /**
     * How often all batches are computed. The JIT compilers need some runs, and some time.
     *
     * @param warmUpRuns batches at least before it counts
     * @param warmUpSeconds time at least before it counts
     * @param reps passes over all batches that count
     */
    public record Repetitions(int warmUpRuns, double warmUpSeconds, int reps) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is too small
         */
        public Repetitions {
            if (reps < 1) {
                throw new IllegalArgumentException("repetitions must be >= 1, not " + reps);
            }
            if (warmUpRuns < 0 || !(warmUpSeconds >= 0)) {
                throw new IllegalArgumentException(
                        "a warm-up can't be negative: " + warmUpRuns + " runs, " + warmUpSeconds + " s");
            }
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range, or the method is unknown
     */
    public HeadTask {
        LossOptions.defaults().withThreads(threads); // checks
        if (batches.isEmpty() || batches.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("there is no utterance to measure");
        }
        NamedMethod.parse(method, occupancyFloor); // checks
    }

    /**
     * The same for other batches.
     *
     * @param part instead
     * @return a copy; its shape is that of the largest of them
     */
    public HeadTask withBatches(List<List<Lengths>> part) {
        return new HeadTask(
                shape(part, size),
                size,
                part,
                method,
                threads,
                occupancyFloor,
                memoryBudget,
                repetitions,
                draw,
                provider);
    }

    /**
     * The same for another method.
     *
     * @param word instead
     * @return a copy
     */
    public HeadTask withMethod(String word) {
        return new HeadTask(
                shape, size, batches, word, threads, occupancyFloor, memoryBudget, repetitions, draw, provider);
    }

    /**
     * B,T,U,V,H of batches.
     *
     * @param batches lengths of the utterances of each
     * @param size V and H
     * @return the most utterances, frames and labels of any of them
     */
    public static String shape(List<List<Lengths>> batches, HeadSize size) {
        List<Lengths> all = batches.stream().flatMap(List::stream).toList();
        return "%d,%d,%d,%d,%d"
                .formatted(
                        batches.stream().mapToInt(List::size).max().orElse(0),
                        all.stream().mapToInt(Lengths::frames).max().orElse(0),
                        all.stream().mapToInt(Lengths::labels).max().orElse(0),
                        size.vocabulary(),
                        size.width());
    }

    /**
     * What each batch will cost.
     *
     * @param deviceBytes memory that there is
     * @param operationsPerSecond speed, NaN if unknown
     * @return a plan for each batch
     */
    public List<MethodPlan> plans(long deviceBytes, double operationsPerSecond) {
        NamedMethod how = how();
        BatchPlan planner = new BatchPlan(size, new Limits(budget(), deviceBytes, operationsPerSecond));
        return batches.stream().map(batch -> planner.plan(how, batch)).toList();
    }

    /**
     * Refuses what couldn't be measured.
     *
     * @param deviceBytes memory that there is
     * @throws IllegalArgumentException if a batch needs more, with what it needs and what to change
     */
    void checkFits(long deviceBytes) {
        for (MethodPlan plan : plans(deviceBytes, Double.NaN)) {
            if (!plan.fits()) {
                throw new IllegalArgumentException(
                        method + " at " + shape + " can't be measured here: " + String.join("; ", plan.advice()));
            }
        }
    }

    /** How it is computed. */
    NamedMethod how() {
        return NamedMethod.parse(method, occupancyFloor);
    }

    /** Methods other than sample-wise and those in tiles need what they need: no budget holds for them. */
    private MemoryBudget budget() {
        Schedule schedule = how().method().schedule();
        boolean budgeted = schedule instanceof Schedule.SampleWise || schedule instanceof Schedule.Tiled;
        return budgeted ? memoryBudget : new MemoryBudget(Long.MAX_VALUE);
    }

    /** Of the loss, on one thread or all. */
    LossOptions lossOptions(int withThreads) {
        Method how = how().method();
        return LossOptions.defaults()
                .withSchedule(how.schedule())
                .withMemoryBudget(budget())
                .withOccupancyFloor(how.occupancyFloor())
                .withThreads(withThreads)
                .withProvider(provider);
    }

    /**
     * The heap that holds the loss's scratch memory. Inputs lie beside the heap. Plans are those of the usual kernels: what others hold,
     * they say when they run, so they may have what the machine has.
     */
    long heapBytes() {
        long scratch = plans(Long.MAX_VALUE, Double.NaN).stream()
                .mapToLong(MethodPlan::scratchBytes)
                .max()
                .orElseThrow();
        long planned = HEAP_BESIDE + (long) (HEAP_SLACK * scratch);
        return provider == null ? planned : Math.max(planned, Machine.memoryBytes());
    }
}
