package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.papers.Mark;
import org.transducer4j.bench.papers.Papers;
import org.transducer4j.bench.papers.PapersOptions;
import org.transducer4j.bench.papers.PapersResult;
import org.transducer4j.bench.papers.PapersTable;
import org.transducer4j.bench.papers.PapersText;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.MemoryBudget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "papers",
        sortOptions = false,
        description = {
            "Measures the tables of the works on this machine: joint network, loss and gradients on random inputs.",
            "",
            "(a) the published benchmark in both modes, all methods, beside the published V100 figures",
            "(b) sample-wise against batched, over batch and length of the sound",
            "(c) pruned against exact, over prune ranges",
            "(d) alignment-restricted against exact, over buffers",
            "",
            "Writes papers.json and papers.csv, after each cell: an interrupted run goes on with the same command. What takes"
                    + " long is measured on a part and marked as extrapolated, what doesn't fit is marked with what it"
                    + " would need. t4j report DIR makes a page of it.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  t4j bench papers --quick",
            "  t4j bench papers --tables a --lengths lengths.csv --out papers"
        })
final class BenchPapersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "papers",
            description = "Folder of the results. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--tables", split = ",", paramLabel = "TABLE", description = "Some of a,b,c,d. Default: all.")
    private List<String> tables = PapersOptions.ALL;

    @Option(
            names = "--quick",
            description =
                    "Some minutes in all: 1 repetition, 2 seconds a cell. Otherwise 3, 20 seconds a cell, an hour or more.")
    private boolean quick;

    @Option(
            names = "--lengths",
            paramLabel = "CSV",
            description = "Lengths of table (a): rows T,U after that heading, as the published benchmark's table of"
                    + " shapes. Default: drawn like LibriSpeech's.")
    private @Nullable Path lengths;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the loss. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--reps", paramLabel = "N", description = "Repetitions. Default: 3; with --quick 1.")
    private @Nullable Integer reps;

    @Option(
            names = "--cell-seconds",
            paramLabel = "X",
            description =
                    "A cell whose repetition will take longer is measured on a part. Default: 20; with --quick 2.")
    private @Nullable Double cellSeconds;

    @Option(
            names = "--memory-budget",
            paramLabel = "SIZE",
            description = "Scratch memory of sample-wise and those in tiles. Default: ${DEFAULT-VALUE}.")
    private String memoryBudget = LossOptions.defaults().memoryBudget().toString();

    @Option(
            names = "--device-memory",
            paramLabel = "SIZE",
            description = "What needs more isn't run. Default: this machine's memory.")
    private @Nullable String deviceMemory;

    @Option(names = "--overwrite", description = "Drop earlier results in DIR.")
    private boolean overwrite;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all that is random. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private BenchPapersCommand() {}

    private PapersOptions options() {
        PapersOptions base = PapersOptions.of(out, quick);
        HeadTask.Repetitions repetitions = base.repetitions();
        return new PapersOptions(
                out,
                tables,
                lengths,
                base.grid(),
                threads,
                reps == null
                        ? repetitions
                        : new HeadTask.Repetitions(repetitions.warmUpRuns(), repetitions.warmUpSeconds(), reps),
                cellSeconds == null ? base.cellSeconds() : cellSeconds,
                MemoryBudget.parse(memoryBudget),
                deviceMemory == null
                        ? base.deviceBytes()
                        : MemoryBudget.parse(deviceMemory).bytes(),
                overwrite,
                seed);
    }

    @Override
    public Integer call() {
        PapersOptions options = options();
        if (lengths != null && !options.tables().contains("a")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--lengths is of table a, which isn't among --tables " + String.join(",", options.tables()));
        }
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        PapersResult result = Papers.run(options, CommandLines.origin(spec), new Papers.Listener() {
            @Override
            public void estimating(HeadSize size) {
                line.begin("measuring this machine's speed at V=%d H=%d, for estimates of time"
                        .formatted(size.vocabulary(), size.width()));
            }

            @Override
            public void progress(String what, int done, int of, double secondsLeft) {
                line.begin("cell %d of %d  %s left  table %s"
                        .formatted(done + 1, of, ProgressLine.duration(secondsLeft), what));
            }

            @Override
            public void finished(PapersTable table) {
                PapersText.lines(table).forEach(line::println);
                line.println("");
            }
        });
        boolean failed = result.tables().stream()
                .flatMap(table -> table.rows().stream())
                .anyMatch(row -> row.mark() == Mark.FAILED);
        line.println(options.out() + ": papers.json, papers.csv"
                + (failed ? "; some cells failed, the same command tries them again" : ""));
        return failed ? ExitCode.FAILED : ExitCode.OK;
    }
}
