package org.transducer4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.Verification;
import org.transducer4j.bench.VerifyOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description = {
            "Computes stored cases and compares losses and gradients with the stored ones.",
            "",
            "A case folder has case.json and raw little-endian arrays (docs/verify.md). Losses may be off by the"
                    + " tolerance relative to max(1, |reference|), each gradient by the tolerance itself; float32"
                    + " arithmetic on float32 logits keeps to 1e-6 on common sizes, the default leaves room for longer"
                    + " ones. Ends with exit code 1 if a case is further off.",
            ""
        },
        footer = {"", "Example:", "  t4j verify --vectors vectors/rnnt --provider simd"})
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--vectors",
            required = true,
            paramLabel = "DIR",
            description = "A case folder, or a folder that holds case folders (directly or one level deeper).")
    private Path vectors;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description = "Kernel provider: reference, scalar or simd. Default: each that can run here.")
    private @Nullable String provider;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description =
                    "transducer, or a word for one of its schedules (tiled, split:4, ..., also with +floor): stored"
                            + " cases are its losses. Default: transducer.")
    private @Nullable String loss;

    @Option(
            names = "--band",
            paramLabel = "BAND",
            description = "full: stored cases say themselves which nodes exist. Default: full.")
    private @Nullable String band;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description =
                    "How joint networks go through the nodes: batched, split:N, packed, sample-wise, tiled, or all"
                            + " for each of them. Ready logits get a joint network of their own for it.")
    private @Nullable String schedule;

    @Option(
            names = "--occupancy-floor",
            paramLabel = "X",
            description = "Nodes at or below it have no part in the gradients of joint networks. Default: 0.")
    private @Nullable Double occupancyFloor;

    @Option(
            names = "--loss-tolerance",
            paramLabel = "X",
            defaultValue = "" + VerifyOptions.DEFAULT_TOLERANCE,
            description = "Relative tolerance of losses. Default: ${DEFAULT-VALUE}.")
    private double lossTolerance;

    @Option(
            names = "--gradient-tolerance",
            paramLabel = "X",
            defaultValue = "" + VerifyOptions.DEFAULT_TOLERANCE,
            description = "Absolute tolerance of gradients. Default: ${DEFAULT-VALUE}.")
    private double gradientTolerance;

    private VerifyCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        VerifyOptions options = VerifyOptions.of(vectors)
                .withProvider(provider)
                .withMethod(loss, band, schedule, occupancyFloor)
                .withTolerances(lossTolerance, gradientTolerance);
        return Verification.run(options, out::println) ? ExitCode.OK : ExitCode.FAILED;
    }
}
