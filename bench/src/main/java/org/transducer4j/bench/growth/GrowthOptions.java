package org.transducer4j.bench.growth;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.transducer4j.bench.head.Draw;
import org.transducer4j.bench.head.HeadOptions;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Method;

/**
 * What to measure.
 *
 * @param base the shape that grows
 * @param doublings how often each of its numbers is doubled
 * @param methods words of methods, see {@link org.transducer4j.loss.method.Method}
 * @param threads numbers of threads
 * @param reps repetitions after the warm-up
 * @param memoryBudget of those in tiles
 * @param seed of lengths, inputs and weights
 */
public record GrowthOptions(
        HeadShape base,
        int doublings,
        List<String> methods,
        List<Integer> threads,
        int reps,
        MemoryBudget memoryBudget,
        long seed) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range, a method is unknown, or the largest shape is too large
     */
    public GrowthOptions {
        if (doublings < 1 || doublings > 10) {
            throw new IllegalArgumentException("doublings must be 1 to 10, not " + doublings);
        }
        if (threads.isEmpty() || new TreeSet<>(threads).size() < threads.size()) {
            throw new IllegalArgumentException("threads must be different numbers, not " + threads);
        }
        if (base.labels() < 1) {
            throw new IllegalArgumentException("a shape that grows needs U >= 1, not " + base.labels());
        }
        for (Dimension dimension : Dimension.values()) {
            dimension.times(base, 1 << doublings);
        }
        for (int number : threads) {
            options(List.of(base), methods, number, reps, memoryBudget, seed);
        }
    }

    /**
     * What each process measures: each shape once, by each method, with each number of threads.
     *
     * @return the tasks
     * @throws IllegalArgumentException if a shape doesn't fit into this machine's memory
     */
    public List<HeadTask> tasks() {
        return threads.stream()
                .map(number -> options(shapes(), methods, number, reps, memoryBudget, seed))
                .flatMap(options -> options.tasks().stream())
                .toList();
    }

    private static HeadOptions options(
            List<HeadShape> shapes, List<String> methods, int threads, int reps, MemoryBudget memoryBudget, long seed) {
        return new HeadOptions(
                shapes, null, 0, 0, methods, threads, reps, Method.USUAL_FLOOR, memoryBudget, new Draw(seed), null);
    }

    /** All shapes, each once. */
    private List<HeadShape> shapes() {
        return Stream.of(Dimension.values())
                .flatMap(dimension -> steps(dimension).stream())
                .distinct()
                .toList();
    }

    /** The shapes of a dimension, from the base on. */
    List<HeadShape> steps(Dimension dimension) {
        return IntStream.rangeClosed(0, doublings)
                .mapToObj(d -> dimension.times(base, 1 << d))
                .toList();
    }
}
