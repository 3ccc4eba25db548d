package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.Machine;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.ManifestLengths;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.bench.plan.PlanReport;
import org.transducer4j.bench.plan.PlannedBatch;
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
            "       t4j plan --manifest FILE --tokens NAME|FILE --joint H [OPTION]..."
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
            paramLabel = "NAME|FILE",
            completionCandidates = TokenNames.class,
            description = "Tokens of the manifest's transcripts, of: ${COMPLETION-CANDIDATES}; or a tokens.txt.")
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
            names = "--methods",
            split = MethodFlags.BETWEEN,
            splitSynopsisLabel = ",",
            paramLabel = "METHOD",
            description = "As in bench head. Default: all; none where --loss, --band or --schedule names one.")
    private @Nullable List<String> methods;

    @Mixin
    private MethodFlags method = new MethodFlags();

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

    @Override
    public Integer call() {
        json.check();
        if (threads < 1 || threads > LossOptions.MOST_THREADS) {
            throw bad("--threads must be 1 to " + LossOptions.MOST_THREADS + ", not " + threads);
        }
        if (gflops != null && !(gflops > 0 && gflops < Rate.MOST_GFLOPS)) {
            throw bad("--gflops must be above 0 and below %.0f, not %s".formatted(Rate.MOST_GFLOPS, gflops));
        }
        MemoryBudget scratch = MemoryBudget.parse(budget);
        long device = deviceMemory == null
                ? Machine.memoryBytes()
                : MemoryBudget.parse(deviceMemory).bytes();
        List<NamedMethod> asked = methods();
        PlannedBatch planned = manifest == null ? lengths() : worstOf(manifest);
        Rate rate = gflops == null ? Rate.measure(planned.size(), threads, 2) : Rate.given(gflops);
        PlanReport report = PlanReport.of(planned, asked, scratch, device, rate);
        report.lines(explain).forEach(spec.commandLine().getOut()::println);
        json.write(report.result());
        return ExitCode.OK;
    }

    private List<NamedMethod> methods() {
        if (methods == null && !method.named() && method.occupancyFloor() == null) {
            return NamedMethod.usual(split, buffer, pruneRange);
        }
        for (String option : List.of("--split", "--buffer", "--prune-range")) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw bad(option + " is for the table of all methods; write split:N, aligned:FRAMES or pruned:S");
            }
        }
        List<String> floorOnly = List.of(method.method(NamedMethod.LOSSES).word());
        return method.words(methods, floorOnly, NamedMethod.LOSSES).stream()
                .map(word -> NamedMethod.parse(word, method.usualFloor()))
                .toList();
    }

    private PlannedBatch worstOf(Path file) {
        if (batch != null || audio != null || frames != null || labels != null) {
            throw bad("--manifest says how long utterances are: leave out --batch, --audio, --frames and --labels");
        }
        ManifestLengths lengths = ManifestLengths.read(
                file, needed("--tokens", tokens), Seconds.parse(frame), Seconds.parse(maxDuration), 1);
        if (vocabulary != null && vocabulary < lengths.vocabulary()) {
            throw bad("--vocab must be " + lengths.vocabulary() + " or more, as there are so many tokens, not "
                    + vocabulary);
        }
        return PlannedBatch.worstOf(lengths, vocabulary, joint);
    }

    private PlannedBatch lengths() {
        HeadSize size = new HeadSize(needed("--vocab", vocabulary), joint);
        int count = needed("--batch", batch);
        if (count < 1 || count > HeadShape.MOST) {
            throw bad("--batch must be 1 to " + HeadShape.MOST + ", not " + count);
        }
        Lengths longest = longest();
        return varied ? PlannedBatch.varied(count, longest, size) : PlannedBatch.even(count, longest, size);
    }

    private Lengths longest() {
        if (audio != null) {
            if (frames != null || labels != null) {
                throw bad("take either --audio or --frames and --labels");
            }
            if (!(labelsPerSecond >= 0)) {
                throw bad("--labels-per-second must be 0 or more, not " + labelsPerSecond);
            }
            return Lengths.of(Seconds.parse(audio), Seconds.parse(frame), labelsPerSecond);
        }
        if (frames == null && labels == null) {
            throw bad("how long is an utterance? --audio, or --frames and --labels, or --manifest");
        }
        return new Lengths(needed("--frames", frames), needed("--labels", labels));
    }

    private <T> T needed(String option, @Nullable T value) {
        if (value == null) {
            throw bad("Missing required option: '" + option + "'");
        }
        return value;
    }

    private ParameterException bad(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
