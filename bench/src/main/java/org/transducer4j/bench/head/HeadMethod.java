package org.transducer4j.bench.head;

import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.schedule.MemoryBudget;
import org.transducer4j.loss.schedule.Schedule;

/**
 * How a head is computed: a schedule, with "+floor" behind it where the backward pass leaves out what is next to
 * impossible.
 *
 * @param schedule how many nodes are in flight
 * @param occupancyFloor nodes at or below it are left out; 0 for none
 * @param budget scratch memory that may be held
 */
record HeadMethod(Schedule schedule, double occupancyFloor, MemoryBudget budget) {
    private static final String FLOOR = "+floor";

    /** Methods other than sample-wise and tiled need what they need: no budget holds for them. */
    static HeadMethod parse(String word, double occupancyFloor, MemoryBudget budget) {
        boolean floor = word.endsWith(FLOOR);
        Schedule schedule = Schedule.parse(floor ? word.substring(0, word.length() - FLOOR.length()) : word);
        boolean budgeted = schedule instanceof Schedule.SampleWise || schedule instanceof Schedule.Tiled;
        return new HeadMethod(
                schedule, floor ? occupancyFloor : 0, budgeted ? budget : new MemoryBudget(Long.MAX_VALUE));
    }

    LossOptions options(int threads) {
        return LossOptions.defaults()
                .withSchedule(schedule)
                .withMemoryBudget(budget)
                .withOccupancyFloor(occupancyFloor)
                .withThreads(threads);
    }
}
