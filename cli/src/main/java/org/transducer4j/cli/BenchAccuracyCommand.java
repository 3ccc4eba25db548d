package org.transducer4j.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.transducer4j.bench.head.Accuracy;
import org.transducer4j.bench.head.AccuracyResult;
import org.transducer4j.bench.head.HeadTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "accuracy",
        sortOptions = false,
        description = {
            "Holds losses and gradients of methods against textbook loops in double precision, on random inputs; with lengths from a file on the first batch.",
            "",
            "Prints |x - reference| / |reference| (L2 norm, the whole batch) of losses and gradients, the share of nodes that the"
                    + " occupancy floor left in the gradient, and the sum of the occupancies that it left out. The reference"
                    + " takes minutes where a method takes a second.",
            ""
        },
        footer = {"", "Example:", "  t4j bench accuracy --shapes 8,100,20,500,256 --methods tiled,tiled+floor"})
final class BenchAccuracyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HeadFlags flags = new HeadFlags();

    @Mixin
    private JsonOutput json = new JsonOutput();

    private BenchAccuracyCommand() {}

    /**
     * For machines.
     *
     * @param results one for each shape and method
     */
    record Result(List<AccuracyResult> results) {}

    @Override
    public Integer call() {
        json.check();
        List<HeadTask> tasks = Accuracy.tasks(flags.options(1)); // complains before the heading
        var out = spec.commandLine().getOut();
        out.println(AccuracyResult.HEADING);
        json.write(new Result(Accuracy.run(tasks, one -> {
            out.println(one.row());
            out.flush();
        })));
        return ExitCode.OK;
    }
}
