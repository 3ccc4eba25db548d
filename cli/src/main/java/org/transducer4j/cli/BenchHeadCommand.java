package org.transducer4j.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.transducer4j.bench.head.HeadBench;
import org.transducer4j.bench.head.HeadMeasurement;
import org.transducer4j.bench.head.HeadTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    @Spec
    private CommandSpec spec;

    @Mixin
    private HeadFlags flags = new HeadFlags();

    @Option(names = "--reps", paramLabel = "N", description = "Repetitions. Default: ${DEFAULT-VALUE}.")
    private int reps = 5;

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
        List<HeadTask> tasks = flags.options(reps).tasks(); // complains before the heading
        var out = spec.commandLine().getOut();
        out.println(HeadMeasurement.HEADING);
        json.write(new Result(HeadBench.run(tasks, one -> out.println(one.row()))));
        return ExitCode.OK;
    }
}
