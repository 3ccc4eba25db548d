package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.transducer4j.asr.score.ResultFile;
import org.transducer4j.bench.growth.Growth;
import org.transducer4j.bench.growth.GrowthOptions;
import org.transducer4j.bench.growth.GrowthPoint;
import org.transducer4j.bench.growth.GrowthResult;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.report.GrowthPicture;
import org.transducer4j.speech.OutputFolder;
import org.transducer4j.speech.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "growth",
        sortOptions = false,
        description = {
            "Measures how time and memory grow: B, T, U, V and H are doubled one at a time.",
            "",
            "Prints a table in Markdown and writes growth.svg and growth.json; t4j report DIR makes a page of it.",
            ""
        },
        footer = {"", "Example:", "  t4j bench growth --shape 8,100,20,500,256 --threads 1,2 --out growth"})
final class BenchGrowthCommand implements Callable<Integer> {
    private static final LossOptions DEFAULT = LossOptions.defaults();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--shape",
            paramLabel = "B,T,U,V,H",
            defaultValue = "8,100,20,500,256",
            description = "Where it starts. Default: ${DEFAULT-VALUE}.")
    private String shape;

    @Option(
            names = "--doublings",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often each is doubled. Default: ${DEFAULT-VALUE}.")
    private int doublings;

    @Option(
            names = "--methods",
            split = MethodFlags.BETWEEN,
            splitSynopsisLabel = ",",
            paramLabel = "METHOD",
            description = "As in bench head. Default: ${DEFAULT-VALUE}.")
    private List<String> methods = List.of("tiled");

    @Option(names = "--threads", split = ",", paramLabel = "N", description = "Default: 1 and all processors.")
    private List<Integer> threads =
            Stream.of(1, Runtime.getRuntime().availableProcessors()).distinct().toList();

    @Option(
            names = "--reps",
            paramLabel = "N",
            defaultValue = "5",
            description = "Repetitions. Default: ${DEFAULT-VALUE}.")
    private int reps;

    @Option(
            names = "--memory-budget",
            paramLabel = "SIZE",
            description = "Scratch memory of sample-wise and tiled. Default: ${DEFAULT-VALUE}.")
    private String memoryBudget = DEFAULT.memoryBudget().toString();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "growth",
            description = "Folder of the results. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all that is random. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private BenchGrowthCommand() {}

    @Override
    public Integer call() {
        GrowthOptions options = new GrowthOptions(
                HeadShape.parse(shape), doublings, methods, threads, reps, MemoryBudget.parse(memoryBudget), seed);
        options.tasks(); // complains before the folder is made
        OutputFolder.make(out);
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        long start = System.nanoTime();
        List<GrowthPoint> points = Growth.run(
                options,
                (task, done, of) -> line.begin("measurement %d of %d  %s  %s, %s, threads %d"
                        .formatted(
                                done + 1,
                                of,
                                ProgressLine.left((System.nanoTime() - start) / 1e9, (double) done / of),
                                task.method(),
                                task.shape(),
                                task.threads())));
        ResultFile.write(out.resolve("growth.json"), GrowthResult.of(options, CommandLines.origin(spec), points));
        WholeFile.write(out.resolve("growth.svg"), GrowthPicture.of(out.resolve("growth.json")));
        Growth.table(points).forEach(line::println);
        line.println(out + ": growth.svg, growth.json");
        return ExitCode.OK;
    }
}
