package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.train.SaveOptions;
import org.transducer4j.asr.train.Start;
import org.transducer4j.asr.train.ThreadOptions;
import org.transducer4j.asr.train.TrainOptions;
import org.transducer4j.asr.train.TrainResult;
import org.transducer4j.asr.train.Trainer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        customSynopsis = "t4j train --train FILE --valid FILE --out DIR [--resume | --overwrite] [OPTION]...",
        sortOptions = false,
        description = {
            "Trains a streaming recogniser.",
            "",
            "DIR gets best.safetensors (the best validation), last.safetensors (to resume from), tokens.txt, config.json and"
                    + " metrics.jsonl. Checkpoints hold the whole configuration. The same seed and the same --threads give"
                    + " the same model to the bit.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  t4j train --train data/train.jsonl --valid data/valid.jsonl --out model",
            "  t4j train --train data/train.jsonl --valid data/valid.jsonl --out model --resume"
        })
final class TrainCommand implements Callable<Integer> {
    private static final ThreadOptions THREADS = ThreadOptions.defaults();

    @Spec
    private CommandSpec spec;

    @Option(names = "--train", required = true, paramLabel = "FILE", description = "Manifest to train on.")
    private Path train;

    @Option(names = "--valid", required = true, paramLabel = "FILE", description = "Manifest to validate on.")
    private Path valid;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the run.")
    private Path out;

    @ArgGroup(exclusive = true)
    private @Nullable Existing existing;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all that is random. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Mixin
    private JsonOutput json = new JsonOutput();

    @Option(
            names = "--save-seconds",
            paramLabel = "X",
            description = "Write last.safetensors after so many seconds at the earliest; 0: only when an epoch ends."
                    + " Default: ${DEFAULT-VALUE}.")
    private double saveSeconds = SaveOptions.defaults().seconds();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of libtorch's operators. Default: all processors, here ${DEFAULT-VALUE}.")
    private int torchThreads = THREADS.torch();

    @Option(
            names = "--loss-threads",
            paramLabel = "N",
            description = "Threads of the loss; the result doesn't depend on it. Default: ${DEFAULT-VALUE}.")
    private int lossThreads = THREADS.loss();

    @Option(
            names = "--loader-threads",
            paramLabel = "N",
            description = "Threads that read and vary sound ahead. Default: ${DEFAULT-VALUE}.")
    private int loaderThreads = THREADS.loader();

    @Option(names = "--provider", paramLabel = "NAME", description = ModelFlags.PROVIDER)
    private @Nullable String provider;

    @ArgGroup(validate = false, heading = "%nData:%n")
    private TrainFlags.Data data = new TrainFlags.Data();

    @ArgGroup(validate = false, heading = "%nModel:%n")
    private TrainFlags.Model model = new TrainFlags.Model();

    @ArgGroup(validate = false, heading = "%nLoss:%n")
    private ObjectiveFlags objective = new ObjectiveFlags();

    @ArgGroup(validate = false, heading = "%nSchedule:%n")
    private TrainFlags.Schedule schedule = new TrainFlags.Schedule();

    /** What to do with a run that is in the folder. */
    private static final class Existing {
        @Option(
                names = "--resume",
                required = true,
                description = "Continue the run in DIR as if it had not stopped, with the options it was begun with.")
        private boolean resume;

        @Option(names = "--overwrite", required = true, description = "Replace the run in DIR.")
        private boolean overwrite;

        private Existing() {}

        private Start start() {
            return overwrite ? Start.OVERWRITE : resume ? Start.RESUME : Start.FRESH;
        }
    }

    private TrainCommand() {}

    @Override
    public Integer call() {
        TrainOptions options = TrainOptions.defaults(train, valid, out)
                .withStart(existing == null ? Start.FRESH : existing.start())
                .withData(data.options())
                .withModel(model.options())
                .withObjective(objective.options(spec.commandLine().getParseResult()))
                .withSchedule(schedule.options())
                .withSave(new SaveOptions(saveSeconds, 0))
                .withThreads(new ThreadOptions(lossThreads, torchThreads, loaderThreads))
                .withProvider(provider)
                .withExact(objective.exact())
                .withSeed(seed);
        json.check();
        StoppableDisplay display = new StoppableDisplay(
                new ProgressLine(spec.commandLine().getOut()), out, options.start() == Start.RESUME);
        Interruption.during(display);
        TrainResult result = Trainer.train(options, display);
        if (display.wasStopped()) {
            return Interruption.end();
        }
        Interruption.during(null);
        json.write(result);
        display.finished(result, out);
        return ExitCode.OK;
    }
}
