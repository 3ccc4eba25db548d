package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.head.Draw;
import org.transducer4j.bench.head.HeadOptions;
import org.transducer4j.bench.head.HeadShape;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Method;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of what computes heads on random inputs: which shapes, by which methods. */
final class HeadFlags {
    private static final LossOptions DEFAULT = LossOptions.defaults();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--shapes",
            required = true,
            paramLabel = "B,T,U,V,H|FILE",
            description = "A shape, or a file with one a line.")
    private String shapes;

    @Option(
            names = "--lengths",
            paramLabel = "CSV",
            description =
                    "Rows T,U after a heading: taken in their order, B to a batch, instead of the shape's T and U.")
    private @Nullable Path lengths;

    @Option(
            names = "--batches",
            paramLabel = "FROM-TO",
            description = "Which batches of the lengths, from 0. Default: ${DEFAULT-VALUE}.")
    private String batches = "20-39";

    @Option(
            names = "--methods",
            split = ",",
            paramLabel = "METHOD",
            description =
                    "batched, split:N, packed, sample-wise, tiled, aligned[:FRAMES], pruned[:S], each also with +floor"
                            + " behind it. Default:"
                            + " ${DEFAULT-VALUE}.")
    private List<String> methods = List.of("tiled", "tiled+floor");

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the loss. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--occupancy-floor",
            paramLabel = "X",
            description = "Of methods with +floor: nodes at or below it have no part in the gradient. Default:"
                    + " ${DEFAULT-VALUE}.")
    private double occupancyFloor = Method.USUAL_FLOOR;

    @Option(
            names = "--memory-budget",
            paramLabel = "SIZE",
            description = "Scratch memory of sample-wise and tiled. Default: ${DEFAULT-VALUE}.")
    private String memoryBudget = DEFAULT.memoryBudget().toString();

    @Option(
            names = "--weight-scale",
            paramLabel = "S",
            defaultValue = "1",
            description = "Weights are ~ N(0, S^2/H): near 0 makes nearly uniform logits. Default: ${DEFAULT-VALUE}.")
    private double weightScale;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all that is random. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    HeadFlags() {}

    HeadOptions options(int reps) {
        if (!batches.matches("\\d{1,9}-\\d{1,9}")) {
            throw new ParameterException(spec.commandLine(), "--batches is FROM-TO, not \"" + batches + "\"");
        }
        int dash = batches.indexOf('-');
        return new HeadOptions(
                HeadShape.parseAll(shapes),
                lengths,
                Integer.parseInt(batches.substring(0, dash)),
                Integer.parseInt(batches.substring(dash + 1)),
                methods,
                threads,
                reps,
                occupancyFloor,
                MemoryBudget.parse(memoryBudget),
                new Draw(seed, weightScale));
    }
}
