package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.head.HeadBench;
import org.transducer4j.bench.head.HeadMeasurement;
import org.transducer4j.bench.head.HeadOptions;
import org.transducer4j.bench.head.HeadShape;
import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.schedule.MemoryBudget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "head",
        sortOptions = false,
        description = {
            "Measures joint network, loss and gradients on random inputs, each method in a process of its own.",
            "",
            "Prints time, memory, speed, and the speed of the bare matrix product in cache, measured in the same process."
                    + " Lengths are 60 to 100 %% of T and U, or those of a file.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  t4j bench head --shapes 8,250,50,1024,512 --methods tiled,tiled+floor,packed --threads 2",
            "  t4j bench head --shapes 30,1,0,500,512 --lengths lengths.csv --batches 20-39 --methods tiled"
        })
final class BenchHeadCommand implements Callable<Integer> {
    private static final LossOptions DEFAULT = LossOptions.defaults();

    @Spec
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

    @Option(names = "--reps", paramLabel = "N", description = "Repetitions. Default: ${DEFAULT-VALUE}.")
    private int reps = 5;

    @Option(
            names = "--occupancy-floor",
            paramLabel = "X",
            description = "Of methods with +floor: nodes at or below it have no part in the gradient. Default:"
                    + " ${DEFAULT-VALUE}.")
    private double occupancyFloor = DEFAULT.occupancyFloor();

    @Option(
            names = "--memory-budget",
            paramLabel = "SIZE",
            description = "Scratch memory of sample-wise and tiled. Default: ${DEFAULT-VALUE}.")
    private String memoryBudget = DEFAULT.memoryBudget().toString();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all that is random. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Mixin
    private JsonOutput json = new JsonOutput();

    private BenchHeadCommand() {}

    /**
     * For machines.
     *
     * @param results one for each shape and method
     */
    record Result(List<HeadMeasurement> results) {}

    @Override
    public Integer call() {
        json.check();
        if (!batches.matches("\\d{1,9}-\\d{1,9}")) {
            throw new ParameterException(spec.commandLine(), "--batches is FROM-TO, not \"" + batches + "\"");
        }
        int dash = batches.indexOf('-');
        HeadOptions options = new HeadOptions(
                HeadShape.parseAll(shapes),
                lengths,
                Integer.parseInt(batches.substring(0, dash)),
                Integer.parseInt(batches.substring(dash + 1)),
                methods,
                threads,
                reps,
                occupancyFloor,
                MemoryBudget.parse(memoryBudget),
                seed);
        var out = spec.commandLine().getOut();
        out.println(HeadMeasurement.HEADING);
        json.write(new Result(HeadBench.run(options, one -> out.println(one.row()))));
        return ExitCode.OK;
    }
}
