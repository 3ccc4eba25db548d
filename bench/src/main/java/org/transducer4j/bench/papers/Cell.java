package org.transducer4j.bench.papers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.head.HeadMeasurement;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.MethodPlan;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * A cell before it is measured.
 *
 * @param x where on the table's x axis; null where it has none
 * @param task all of it
 * @param plans of each of its batches
 * @param deviceBytes memory that there is
 */
record Cell(@Nullable Double x, HeadTask task, List<MethodPlan> plans, long deviceBytes) {
    static Cell of(@Nullable Double x, HeadTask task, long deviceBytes) {
        return new Cell(x, task, task.plans(deviceBytes, Double.NaN), deviceBytes);
    }

    /** The method's word; over an x axis without the number that is on it. */
    String method() {
        return x == null ? task.method() : task.method().replaceAll(":\\d+$", "");
    }

    boolean fits() {
        return plans.stream().allMatch(MethodPlan::fits);
    }

    double operations() {
        return operations(plans);
    }

    private static double operations(List<MethodPlan> plans) {
        return plans.stream().mapToDouble(MethodPlan::operations).sum();
    }

    /**
     * What of it is computed once within so many operations: all, or some of its batches, or some utterances of one; evenly
     * spread, the first of them, which in even batches is the longest, included. At least one utterance.
     */
    HeadTask part(double operations) {
        double share = operations / operations();
        List<List<Lengths>> batches = task.batches();
        if (share >= 1) {
            return task;
        }
        int whole = (int) (share * batches.size());
        if (whole >= 1) {
            return task.withBatches(spread(batches, whole));
        }
        List<Lengths> one = middle();
        double each = operations() / batches.size() / one.size();
        return task.withBatches(List.of(spread(one, (int) Math.clamp(operations / each, 1, one.size()))));
    }

    private static <T> List<T> spread(List<T> all, int count) {
        List<T> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(all.get((int) ((long) i * all.size() / count)));
        }
        return some;
    }

    /** The row of what doesn't fit, with what it would need. */
    PapersRow tooLarge() {
        MethodPlan worst = plans.stream()
                .filter(plan -> !plan.fits())
                .max(Comparator.comparingLong(MethodPlan::totalBytes))
                .orElseThrow();
        return row(
                Mark.DOES_NOT_FIT,
                null,
                largest(MethodPlan::scratchBytes),
                largest(MethodPlan::totalBytes),
                null,
                null,
                0,
                "would need " + MemoryBudget.format(worst.totalBytes()) + "; " + why(worst));
    }

    /** If the memory is there, what else stands against it; and what would fit. */
    private String why(MethodPlan plan) {
        String first = plan.advice().getFirst().replaceAll(";.*", "");
        String last = plan.advice().getLast();
        return plan.totalBytes() > deviceBytes ? last : first + "; " + last;
    }

    PapersRow failed(String reason) {
        return row(
                Mark.FAILED,
                null,
                largest(MethodPlan::scratchBytes),
                largest(MethodPlan::totalBytes),
                null,
                null,
                0,
                reason);
    }

    /** The row that a measurement of all or of a part gives. */
    PapersRow row(HeadTask part, HeadMeasurement measured) {
        boolean all = part.equals(task);
        List<MethodPlan> partPlans = all ? plans : part.plans(Long.MAX_VALUE, Double.NaN);
        // Times are means over batches.
        double longer = all ? 1 : operations() / plans.size() / (operations(partPlans) / partPlans.size());
        HeadMeasurement.Seconds seconds = measured.seconds();
        long planned = largest(MethodPlan::scratchBytes);
        long scratch = all ? measured.scratchBytes() : Math.max(planned, measured.scratchBytes());
        return row(
                all ? Mark.MEASURED : Mark.EXTRAPOLATED,
                new HeadMeasurement.Seconds(longer * seconds.median(), longer * seconds.min(), longer * seconds.max()),
                scratch,
                largest(plan -> plan.totalBytes() - plan.scratchBytes()) + scratch,
                all && measured.peakRssBytes() >= 0 ? measured.peakRssBytes() : null,
                measured,
                utterances(part),
                all ? "" : "extrapolated from " + subset(part));
    }

    private String subset(HeadTask part) {
        List<Lengths> first = part.batches().getFirst();
        if (part.batches().size() > 1 || task.batches().contains(first)) {
            return "%d of %d batches".formatted(part.batches().size(), plans.size());
        }
        return "%d of %d utterances%s"
                .formatted(first.size(), middle().size(), plans.size() > 1 ? " of one batch" : "");
    }

    private List<Lengths> middle() {
        return task.batches().get(plans.size() / 2);
    }

    private PapersRow row(
            Mark mark,
            HeadMeasurement.@Nullable Seconds seconds,
            long scratch,
            long total,
            @Nullable Long process,
            @Nullable HeadMeasurement measured,
            int measuredUtterances,
            String note) {
        return new PapersRow(
                method(),
                x,
                mark,
                seconds,
                scratch,
                total,
                process,
                measured == null ? null : measured.executedGflops(),
                measured == null ? null : measured.peakGflops(),
                plans.getFirst().exact(),
                plans.size(),
                utterances(task),
                measuredUtterances,
                plans.stream().mapToLong(MethodPlan::nodes).sum(),
                operations(),
                note);
    }

    private long largest(ToLongFunction<MethodPlan> bytes) {
        return plans.stream().mapToLong(bytes).max().orElseThrow();
    }

    private static int utterances(HeadTask task) {
        return task.batches().stream().mapToInt(List::size).sum();
    }
}
