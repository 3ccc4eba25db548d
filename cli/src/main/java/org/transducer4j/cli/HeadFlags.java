package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.head.Draw;
import org.transducer4j.bench.head.HeadOptions;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.MemoryBudget;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of what computes heads on random inputs: which shapes, by which methods. */
final class HeadFlags {
    private static final LossOptions DEFAULT = LossOptions.defaults();

    private static final List<String> USUAL = List.of("tiled", "tiled+floor");

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
            split = MethodFlags.BETWEEN,
            splitSynopsisLabel = ",",
            paramLabel = "METHOD",
            description =
                    "batched, split:N, packed, sample-wise, tiled, aligned[:FRAMES], pruned[:S], or LOSS/BAND/SCHEDULE, each"
                            + " also with +floor behind it. Default: tiled,tiled+floor; none where --loss, --band or"
                            + " --schedule names one.")
    private @Nullable List<String> methods;

    @Mixin
    private MethodFlags method = new MethodFlags();

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the loss. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description = "Kernels: reference, scalar, simd. Default: the best that run here.")
    private @Nullable String provider;

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
                method.words(methods, USUAL, NamedMethod.LOSSES),
                threads,
                reps,
                method.usualFloor(),
                MemoryBudget.parse(memoryBudget),
                new Draw(seed, weightScale),
                provider);
    }
}
