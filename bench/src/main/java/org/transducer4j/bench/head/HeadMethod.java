package org.transducer4j.bench.head;

import org.transducer4j.bench.plan.Method;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.loss.method.Schedule;

/**
 * How a head is computed: which nodes exist, how many are in flight, and, with "+floor" behind it, a backward pass that leaves
 * out what is next to impossible.
 *
 * @param nodes which exist
 * @param size buffer of aligned in frames to either side, range S of pruned
 * @param schedule how many nodes are in flight
 * @param occupancyFloor nodes at or below it are left out; 0 for none
 * @param budget scratch memory that may be held
 */
record HeadMethod(Nodes nodes, int size, Schedule schedule, double occupancyFloor, MemoryBudget budget) {
    private static final String FLOOR = "+floor";
    private static final int BUFFER = 10;
    private static final int RANGE = 5;

    /** Checks the size, where there is one, and the floor. */
    HeadMethod {
        if (!(occupancyFloor >= 0 && occupancyFloor < 1)) {
            throw new IllegalArgumentException("the occupancy floor must be in [0, 1), not " + occupancyFloor);
        }
        switch (nodes) {
            case ALL -> {}
            case ALIGNED -> new AlignmentBounds(size, size);
            case PRUNED -> Pruning.of(size);
        }
    }

    /** Which nodes exist. */
    enum Nodes {
        ALL,
        /** Near evenly spread tokens. */
        ALIGNED,
        /** Where a simple joiner looks. */
        PRUNED
    }

    /**
     * Reads a word: one of a schedule, aligned or aligned:FRAMES, pruned or pruned:S, each with or without +floor. Methods other
     * than sample-wise and those in tiles need what they need: no budget holds for them.
     */
    static HeadMethod parse(String word, double occupancyFloor, MemoryBudget budget) {
        boolean floor = word.endsWith(FLOOR);
        String method = floor ? word.substring(0, word.length() - FLOOR.length()) : word;
        double epsilon = floor ? occupancyFloor : 0;
        String name = method.replaceAll(":\\d{1,6}$", "");
        if (name.equals("aligned") || name.equals("pruned")) {
            Nodes nodes = name.equals("aligned") ? Nodes.ALIGNED : Nodes.PRUNED;
            int size = method.equals(name)
                    ? nodes == Nodes.ALIGNED ? BUFFER : RANGE
                    : Integer.parseInt(method.substring(name.length() + 1));
            return new HeadMethod(nodes, size, new Schedule.Tiled(), epsilon, budget);
        }
        Schedule schedule = schedule(method);
        boolean budgeted = schedule instanceof Schedule.SampleWise || schedule instanceof Schedule.Tiled;
        return new HeadMethod(Nodes.ALL, 0, schedule, epsilon, budgeted ? budget : new MemoryBudget(Long.MAX_VALUE));
    }

    private static Schedule schedule(String method) {
        try {
            return Schedule.parse(method);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage()
                            + "; other methods are aligned, aligned:FRAMES, pruned and pruned:S, and each with +floor",
                    e);
        }
    }

    /** The method as plans know it, under its word. */
    Method planned(String word) {
        return switch (nodes) {
            case ALL -> Method.exact(word, schedule);
            case ALIGNED -> Method.aligned(word, size);
            case PRUNED -> Method.pruned(word, size);
        };
    }

    LossOptions options(int threads) {
        return LossOptions.defaults()
                .withSchedule(schedule)
                .withMemoryBudget(budget)
                .withOccupancyFloor(occupancyFloor)
                .withThreads(threads);
    }
}
