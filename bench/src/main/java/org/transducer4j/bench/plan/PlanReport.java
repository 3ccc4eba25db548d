package org.transducer4j.bench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.transducer4j.loss.method.MemoryBudget;

/** What a batch costs by each of some methods, for people and machines. */
public final class PlanReport {
    private final PlannedBatch batch;
    private final List<NamedMethod> methods;
    private final Limits limits;
    private final Rate rate;
    private final BatchPlan planner;
    private final List<MethodPlan> plans;

    /**
     * For machines.
     *
     * @param batch B
     * @param frames T of the longest
     * @param labels U of the one with most
     * @param vocabulary V
     * @param width H
     * @param methods in the order of the table
     */
    public record Result(int batch, int frames, int labels, int vocabulary, int width, List<MethodPlan> methods) {}

    private PlanReport(PlannedBatch batch, List<NamedMethod> methods, Limits limits, Rate rate) {
        this.batch = batch;
        this.methods = List.copyOf(methods);
        this.limits = limits;
        this.rate = rate;
        planner = new BatchPlan(batch.size(), limits);
        plans = methods.stream()
                .map(method -> planner.plan(method, batch.utterances()))
                .toList();
    }

    /**
     * Plans.
     *
     * @param batch for what
     * @param methods how, at least one
     * @param budget scratch memory of the loss
     * @param deviceBytes memory for everything: inputs, gradients and scratch
     * @param rate how fast this machine is
     * @return the report
     * @throws IllegalArgumentException if the batch is too large to be planned, or there is no memory
     */
    public static PlanReport of(
            PlannedBatch batch, List<NamedMethod> methods, MemoryBudget budget, long deviceBytes, Rate rate) {
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("there is no method to plan");
        }
        return new PlanReport(batch, methods, new Limits(budget, deviceBytes, rate.operationsPerSecond()), rate);
    }

    /**
     * For people.
     *
     * @param explain whether with the arithmetic
     * @return lines
     */
    public List<String> lines(boolean explain) {
        List<String> lines = new ArrayList<>(batch.origin());
        Lengths longest = batch.longest();
        lines.add(String.format(
                Locale.ROOT,
                "B=%d T=%d U=%d V=%d H=%d float32; memory budget %s, device memory %s; %s",
                batch.utterances().size(),
                longest.frames(),
                longest.labels(),
                batch.size().vocabulary(),
                batch.size().width(),
                limits.budget(),
                MemoryBudget.format(limits.deviceBytes()),
                rate));
        lines.addAll(PlanText.table(plans));
        if (!batch.origin().isEmpty()) {
            lines.add("largest batch of utterances as long as the longest: " + largest(longest));
        }
        if (explain) {
            lines.add("");
            lines.addAll(PlanText.explain(batch.utterances(), batch.size(), plans));
        }
        return lines;
    }

    private String largest(Lengths lengths) {
        List<String> parts = new ArrayList<>();
        for (NamedMethod method : methods) {
            int most = planner.largest(method, lengths);
            parts.add(method.name() + " " + (most == BatchPlan.MOST ? most + " or more" : most));
        }
        return String.join(", ", parts);
    }

    /**
     * For machines.
     *
     * @return the plans
     */
    public Result result() {
        Lengths longest = batch.longest();
        return new Result(
                batch.utterances().size(),
                longest.frames(),
                longest.labels(),
                batch.size().vocabulary(),
                batch.size().width(),
                plans);
    }
}
