package org.transducer4j.loss.input;

import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Schedule;

/**
 * How a loss is computed. Start from {@link #defaults()} and change what differs.
 *
 * @param lattice blank, topology and the variants of the loss
 * @param schedule how many nodes are in flight
 * @param memoryBudget what scratch memory may come to
 * @param occupancyFloor nodes whose posterior isn't above it are left out of the backward pass; 0 for none. The forward
 *     pass is exact in any case, and {@link LossResult} says what was left out
 * @param provider name of the kernel provider (reference, scalar, simd), or null for the best that loads
 * @param threads number of threads, 1 to {@link #MOST_THREADS}; results don't depend on it
 * @param clamp limit on each element of the gradient with respect to the logits, before any reduction; 0 for none
 * @param nonFinite what happens to an utterance whose loss isn't finite
 */
public record LossOptions(
        LatticeOptions lattice,
        Schedule schedule,
        MemoryBudget memoryBudget,
        double occupancyFloor,
        @Nullable String provider,
        int threads,
        float clamp,
        NonFinite nonFinite) {
    /** More threads than any machine has use for. */
    public static final int MOST_THREADS = 1024;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     * @throws NullPointerException if one is null that may not be, by its name
     */
    public LossOptions {
        Require.given(lattice, "lattice");
        Require.given(schedule, "schedule");
        Require.given(memoryBudget, "memoryBudget");
        Require.given(nonFinite, "nonFinite");
        Require.that(
                occupancyFloor >= 0 && occupancyFloor < 1,
                "the occupancy floor must be in [0, 1), not %s",
                occupancyFloor);
        Require.that(threads >= 1 && threads <= MOST_THREADS, "threads must be 1 to %d, not %d", MOST_THREADS, threads);
        Require.that(clamp >= 0 && clamp < Float.POSITIVE_INFINITY, "clamp must be >= 0 and finite, not %s", clamp);
    }

    /**
     * The exact loss: blank 0, regular topology, no occupancy floor, no clamp, tiled within 256 MiB, the best provider, all
     * processors, failure on a loss that isn't finite.
     *
     * @return the defaults
     */
    public static LossOptions defaults() {
        return new LossOptions(
                LatticeOptions.regular(0),
                new Schedule.Tiled(),
                new MemoryBudget(256L << 20),
                0,
                null,
                Runtime.getRuntime().availableProcessors(),
                0,
                NonFinite.FAIL);
    }

    /**
     * These options as far as the CTC loss has a use for them: blank, memory budget, provider, threads, clamp, and what happens
     * where a loss isn't finite. The rest is as in {@link #defaults()}, so that the CTC loss doesn't refuse it.
     *
     * @return the changed options
     */
    public LossOptions forCtc() {
        return withLattice(LatticeOptions.regular(lattice.blank()))
                .withSchedule(new Schedule.Tiled())
                .withOccupancyFloor(0);
    }

    /**
     * These options as far as the loss of a simple joiner has a use for them: all but schedule, occupancy floor and clamp, which are
     * as in {@link #defaults()}, so that it doesn't refuse them.
     *
     * @return the changed options
     */
    public LossOptions forSimpleJoiner() {
        return withSchedule(new Schedule.Tiled()).withOccupancyFloor(0).withClamp(0);
    }

    /**
     * Other weights of the lattice's edges.
     *
     * @param lattice blank, topology and variants
     * @return the changed options
     */
    public LossOptions withLattice(LatticeOptions lattice) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }

    /**
     * Another blank.
     *
     * @param blank its index
     * @return the changed options
     */
    public LossOptions withBlank(int blank) {
        return withLattice(lattice.withBlank(blank));
    }

    /**
     * Another topology.
     *
     * @param topology where edges lead
     * @return the changed options
     */
    public LossOptions withTopology(Topology topology) {
        return withLattice(lattice.withTopology(topology));
    }

    /**
     * Another schedule.
     *
     * @param schedule how many nodes are in flight
     * @return the changed options
     */
    public LossOptions withSchedule(Schedule schedule) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }

    /**
     * Another memory budget.
     *
     * @param memoryBudget what scratch memory may come to
     * @return the changed options
     */
    public LossOptions withMemoryBudget(MemoryBudget memoryBudget) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }

    /**
     * An occupancy floor.
     *
     * @param occupancyFloor the floor; 0 for none
     * @return the changed options
     */
    public LossOptions withOccupancyFloor(double occupancyFloor) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }

    /**
     * A named provider.
     *
     * @param provider reference, scalar, simd, or null for the best that loads
     * @return the changed options
     */
    public LossOptions withProvider(@Nullable String provider) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }

    /**
     * Another number of threads.
     *
     * @param threads 1 to {@link #MOST_THREADS}
     * @return the changed options
     */
    public LossOptions withThreads(int threads) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }

    /**
     * A clamp on the gradient with respect to the logits.
     *
     * @param clamp the limit; 0 for none
     * @return the changed options
     */
    public LossOptions withClamp(float clamp) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }

    /**
     * Another treatment of losses that aren't finite.
     *
     * @param nonFinite FAIL or SKIP
     * @return the changed options
     */
    public LossOptions withNonFinite(NonFinite nonFinite) {
        return new LossOptions(lattice, schedule, memoryBudget, occupancyFloor, provider, threads, clamp, nonFinite);
    }
}
