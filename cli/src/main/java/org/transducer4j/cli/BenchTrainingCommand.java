package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.criterion.Criteria;
import org.transducer4j.asr.train.Start;
import org.transducer4j.asr.train.TrainOptions;
import org.transducer4j.bench.training.MethodComparison;
import org.transducer4j.bench.training.TrainedMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "training",
        sortOptions = false,
        description = {
            "Trains the same model on the same data by one method after the other and compares them.",
            "",
            "Same seed, same batches, same number of steps: only the loss differs. Prints a table of error rate, time a step and"
                    + " peak memory of the loss. The alignments that aligned needs are made by the first transducer in the"
                    + " list.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  t4j bench training --train data/train.jsonl --valid data/valid.jsonl --out comparison --epochs 5"
        })
final class BenchTrainingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--train", required = true, paramLabel = "FILE", description = "Manifest to train on.")
    private Path train;

    @Option(names = "--valid", required = true, paramLabel = "FILE", description = "Manifest to validate on.")
    private Path valid;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Gets a folder for each method.")
    private Path out;

    @Option(
            names = "--methods",
            split = MethodFlags.BETWEEN,
            splitSynopsisLabel = ",",
            paramLabel = "METHOD",
            description =
                    "What --loss of t4j train takes. Default: tiled,sample-wise,packed,split:4,batched,aligned,pruned,ctc;"
                            + " none where --loss, --band or --schedule names one.")
    private @Nullable List<String> methods;

    @Mixin
    private MethodFlags method = new MethodFlags();

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data. Default: ${DEFAULT-VALUE}.")
    private int epochs = 5;

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            description = "Stop each after so many batches; 0: no limit. Default: ${DEFAULT-VALUE}.")
    private long maxSteps;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all that is random. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(names = "--overwrite", description = "Replace earlier runs in DIR.")
    private boolean overwrite;

    @Mixin
    private JsonOutput json = new JsonOutput();

    private BenchTrainingCommand() {}

    /**
     * For machines.
     *
     * @param methods a result each
     */
    record Result(List<TrainedMethod> methods) {}

    @Override
    public Integer call() {
        json.check();
        TrainOptions options = TrainOptions.defaults(train, valid, out)
                .withStart(overwrite ? Start.OVERWRITE : Start.FRESH)
                .withSeed(seed);
        options = options.withSchedule(options.schedule().withEpochs(epochs).withMaxSteps(maxSteps));
        Double floor = method.occupancyFloor();
        if (floor != null) {
            options = options.withObjective(options.objective().withOccupancyFloor(floor));
        }
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        List<TrainedMethod> results = MethodComparison.run(
                options,
                method.words(methods, MethodComparison.USUAL, Criteria.names()),
                word -> {
                    line.println("== " + word);
                    return new TrainDisplay(line);
                },
                result -> line.println(result.row()));
        line.println(TrainedMethod.HEADING);
        results.forEach(result -> line.println(result.row()));
        json.write(new Result(results));
        return ExitCode.OK;
    }
}
