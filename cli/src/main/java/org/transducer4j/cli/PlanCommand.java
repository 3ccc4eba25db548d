package org.transducer4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.Machine;
import org.transducer4j.bench.head.HeadShape;
import org.transducer4j.bench.plan.BatchPlan;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.Limits;
import org.transducer4j.bench.plan.ManifestLengths;
import org.transducer4j.bench.plan.Method;
import org.transducer4j.bench.plan.MethodPlan;
import org.transducer4j.bench.plan.PlanText;
import org.transducer4j.bench.plan.Rate;
import org.transducer4j.bench.plan.Seconds;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.MemoryBudget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "plan",
        sortOptions = false,
        customSynopsis = {
            "t4j plan --batch N (--audio TIME [--frame TIME] [--labels-per-second X] | --frames T --labels U) --vocab V",
            "              --joint H [OPTION]...",
            "       t4j plan --manifest FILE --tokens FILE|word|char --joint H [OPTION]..."
        },
        description = {
            "Says what a training step will hold and compute, for every method, before it is run.",
            "",
            "Memory is asked from the loss itself: scratch is what it will report as held. Times are estimates from a"
                    + " measurement of some seconds on this machine, or from --gflops.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  t4j plan --batch 1024 --audio 40s --frame 40ms --labels-per-second 3 --vocab 1024 --joint 640",
            "  t4j plan --batch 32 --frames 1000 --labels 100 --vocab 1000 --joint 512 --explain",
            "  t4j plan --manifest data/train.jsonl --tokens model/tokens.txt --joint 256 --max-duration 120s"
        })
final class PlanCommand implements Callable<Integer> {
    private static final int MOST_UTTERANCES = 100_000;

    private static final double MOST_GFLOPS = 1e12;

    @Spec
    private CommandSpec spec;

    @Option(names = "--batch", paramLabel = "N", description = "B, utterances.")
    private @Nullable Integer batch;

    @Option(names = "--audio", paramLabel = "TIME", description = "Sound of each utterance, for example 40s.")
    private @Nullable String audio;

    @Option(
            names = "--frame",
            paramLabel = "TIME",
            defaultValue = "40ms",
            description = "From one encoder frame to the next. Default: ${DEFAULT-VALUE}.")
    private String frame;

    @Option(
            names = "--labels-per-second",
            paramLabel = "X",
            defaultValue = "3",
            description = "Labels in a second of sound. Default: ${DEFAULT-VALUE}.")
    private double labelsPerSecond;

    @Option(names = "--frames", paramLabel = "T", description = "Encoder frames of each utterance.")
    private @Nullable Integer frames;

    @Option(names = "--labels", paramLabel = "U", description = "Labels of each utterance.")
    private @Nullable Integer labels;

    @Option(
            names = "--varied",
            description = "These are the longest utterance's; others have 60 to 100 %%, as bench head draws them.")
    private boolean varied;

    @Option(names = "--manifest", paramLabel = "FILE", description = "Utterances with duration and text.")
    private @Nullable Path manifest;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "tokens.txt of the manifest's labels, or word or char.")
    private @Nullable String tokens;

    @Option(
            names = "--max-duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "Sound in a batch of the manifest. Default: ${DEFAULT-VALUE}.")
    private String maxDuration;

    @Option(names = "--vocab", paramLabel = "V", description = "Symbols, blank included; a manifest's tokens say.")
    private @Nullable Integer vocabulary;

    @Option(names = "--joint", required = true, paramLabel = "H", description = "Width of the joint network.")
    private int joint;

    @Option(
            names = {"--budget", "--memory-budget"},
            paramLabel = "SIZE",
            defaultValue = "256MiB",
            description = "Scratch memory of the loss. Default: ${DEFAULT-VALUE}.")
    private String budget;

    @Option(
            names = "--device-memory",
            paramLabel = "SIZE",
            description = "Memory for inputs, gradients and scratch. Default: this machine's.")
    private @Nullable String deviceMemory;

    @Option(
            names = "--split",
            paramLabel = "N",
            defaultValue = "4",
            description = "Utterances of a sub-batch of split. Default: ${DEFAULT-VALUE}.")
    private int split;

    @Option(
            names = "--buffer",
            paramLabel = "N",
            defaultValue = "10",
            description = "Frames that aligned lets a token come early or late. Default: ${DEFAULT-VALUE}.")
    private int buffer;

    @Option(
            names = "--prune-range",
            paramLabel = "S",
            defaultValue = "5",
            description = "Label positions of a frame in pruned. Default: ${DEFAULT-VALUE}.")
    private int pruneRange;

    @Option(
            names = "--gflops",
            paramLabel = "X",
            description = "Speed for the times, in 10^9 operations a second. Default: measured here.")
    private @Nullable Double gflops;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the measurement. Default: all processors, here ${DEFAULT-VALUE}.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--explain", description = "Show the arithmetic.")
    private boolean explain;

    @Mixin
    private JsonOutput json = new JsonOutput();

    private PlanCommand() {}

    /**
     * What {@code --json} holds.
     *
     * @param batch B
     * @param frames T of the longest
     * @param labels U of the one with most
     * @param vocabulary V
     * @param width H
     * @param methods in the order of the table
     */
    record Result(int batch, int frames, int labels, int vocabulary, int width, List<MethodPlan> methods) {}

    @Override
    public Integer call() {
        json.check();
        if (threads < 1 || threads > LossOptions.MOST_THREADS) {
            throw new ParameterException(
                    spec.commandLine(), "--threads must be 1 to " + LossOptions.MOST_THREADS + ", not " + threads);
        }
        if (gflops != null && !(gflops > 0 && gflops < MOST_GFLOPS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--gflops must be above 0 and below %.0f, not %s".formatted(MOST_GFLOPS, gflops));
        }
        PrintWriter out = spec.commandLine().getOut();
        MemoryBudget scratch = MemoryBudget.parse(budget);
        long device = deviceMemory == null
                ? Machine.memoryBytes()
                : MemoryBudget.parse(deviceMemory).bytes();
        List<Method> methods = Method.all(split, buffer, pruneRange);
        List<Lengths> utterances;
        HeadSize size;
        List<String> before = new ArrayList<>();
        if (manifest != null) {
            ManifestLengths lengths = manifestLengths(manifest);
            if (vocabulary != null && vocabulary < lengths.vocabulary()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--vocab must be " + lengths.vocabulary() + " or more, as there are so many tokens, not "
                                + vocabulary);
            }
            size = new HeadSize(vocabulary == null ? lengths.vocabulary() : vocabulary, joint);
            utterances = BatchPlan.worst(lengths.batches(), 1).getFirst();
            before.addAll(lengths.lines());
            before.add("");
            before.add("the worst batch:");
        } else {
            size = new HeadSize(needed("--vocab", vocabulary), joint);
            int count = needed("--batch", batch);
            if (count < 1 || count > MOST_UTTERANCES) {
                throw new ParameterException(
                        spec.commandLine(), "--batch must be 1 to " + MOST_UTTERANCES + ", not " + count);
            }
            Lengths longest = lengths();
            utterances = varied
                    ? new HeadShape(count, longest.frames(), longest.labels(), size).draw(1)
                    : Collections.nCopies(count, longest);
        }
        double speed = gflops == null ? Rate.measure(size, threads, 2).operationsPerSecond() : gflops * 1e9;
        Limits limits = new Limits(scratch, device, speed);
        BatchPlan planner = new BatchPlan(size, limits);
        List<MethodPlan> plans =
                methods.stream().map(method -> planner.plan(method, utterances)).toList();
        before.forEach(out::println);
        int t = utterances.stream().mapToInt(Lengths::frames).max().orElseThrow();
        int u = utterances.stream().mapToInt(Lengths::labels).max().orElseThrow();
        out.println(String.format(
                Locale.ROOT,
                "B=%d T=%d U=%d V=%d H=%d float32; memory budget %s, device memory %s; %.0f GFLOP/s %s",
                utterances.size(),
                t,
                u,
                size.vocabulary(),
                size.width(),
                scratch,
                MemoryBudget.format(device),
                speed / 1e9,
                gflops == null ? "measured on " + threads + " threads" : "as given"));
        PlanText.table(plans).forEach(out::println);
        if (manifest != null) {
            out.println("largest batch of utterances as long as the longest: " + largest(planner, methods, t, u));
        }
        if (explain) {
            out.println();
            PlanText.explain(utterances, size, plans).forEach(out::println);
        }
        json.write(new Result(utterances.size(), t, u, size.vocabulary(), size.width(), plans));
        return ExitCode.OK;
    }

    private ManifestLengths manifestLengths(Path file) {
        if (batch != null || audio != null || frames != null || labels != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--manifest says how long utterances are: leave out --batch, --audio, --frames and --labels");
        }
        return ManifestLengths.read(
                file, needed("--tokens", tokens), Seconds.parse(frame), Seconds.parse(maxDuration), 1);
    }

    private Lengths lengths() {
        if (audio != null) {
            if (frames != null || labels != null) {
                throw new ParameterException(spec.commandLine(), "take either --audio or --frames and --labels");
            }
            if (!(labelsPerSecond >= 0)) {
                throw new ParameterException(
                        spec.commandLine(), "--labels-per-second must be 0 or more, not " + labelsPerSecond);
            }
            return Lengths.of(Seconds.parse(audio), Seconds.parse(frame), labelsPerSecond);
        }
        if (frames == null && labels == null) {
            throw new ParameterException(
                    spec.commandLine(), "how long is an utterance? --audio, or --frames and --labels, or --manifest");
        }
        return new Lengths(needed("--frames", frames), needed("--labels", labels));
    }

    private <T> T needed(String option, @Nullable T value) {
        if (value == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '" + option + "'");
        }
        return value;
    }

    private static String largest(BatchPlan planner, List<Method> methods, int frames, int labels) {
        List<String> parts = new ArrayList<>();
        for (Method method : methods) {
            int most = planner.largest(method, new Lengths(frames, labels));
            parts.add(method.name() + " " + (most == BatchPlan.MOST ? most + " or more" : most));
        }
        return String.join(", ", parts);
    }
}
