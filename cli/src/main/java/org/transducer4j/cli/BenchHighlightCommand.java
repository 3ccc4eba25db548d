package org.transducer4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.transducer4j.bench.JavaCommand;
import org.transducer4j.bench.highlight.Highlight;
import org.transducer4j.bench.highlight.HighlightOptions;
import org.transducer4j.bench.highlight.HighlightResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.method.MemoryBudget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "highlight",
        sortOptions = false,
        description = {
            "Computes loss and all gradients, exactly, of 1024 utterances of 40 s over 1024 symbols (T=1000, U=120, H=640).",
            "",
            "Logits would come to 473 GiB, encoder outputs alone are 2.4 GiB. Gradients take the place of the outputs, which lie"
                    + " in a file in DIR that is mapped into memory. An interrupted run goes on with the same command.",
            ""
        },
        footer = {"", "Example:", "  t4j bench highlight --out highlight --utterances 16"})
final class BenchHighlightCommand implements Callable<Integer> {
    /** Scratch memory of the loss and as much again for everything else. */
    private static final long HEAP_BYTES = 80L << 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "highlight",
            description = "Folder of the batch, up to 2.8 GiB, half of it with --bfloat16. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--utterances",
            paramLabel = "N",
            defaultValue = "1024",
            description = "B. Default: ${DEFAULT-VALUE}.")
    private int utterances;

    @Option(
            names = "--bfloat16",
            description =
                    "Store encoder and predictor outputs, and the gradients that take their place, in two bytes each.")
    private boolean bfloat16;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the loss. Default: all processors, here ${DEFAULT-VALUE}.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private JsonOutput json = new JsonOutput();

    private BenchHighlightCommand() {}

    /** The same command in a process whose heap is only as large as the loss needs: the JVM would let a larger one fill up with garbage. */
    private int inSmallHeap() throws IOException, InterruptedException {
        List<String> command = JavaCommand.of(HEAP_BYTES, Main.class);
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        try (BufferedReader errors = process.errorReader()) {
            for (String line = errors.readLine(); line != null; line = errors.readLine()) {
                if (!line.contains("incubator modules")) {
                    spec.commandLine().getErr().println(line);
                }
            }
        }
        return process.waitFor();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        HighlightOptions options = HighlightOptions.of(
                out, utterances, bfloat16 ? Matrix.Format.BFLOAT16 : Matrix.Format.FLOAT32, threads);
        json.check();
        if (Runtime.getRuntime().maxMemory() > 2 * HEAP_BYTES) {
            return inSmallHeap();
        }
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        HighlightResult result = Highlight.run(
                options,
                (done, of, left) ->
                        line.update("%d of %d utterances  %s left".formatted(done, of, ProgressLine.duration(left))));
        json.write(result);
        line.println(String.format(
                Locale.ROOT,
                "B=%d: loss %.2f, %,d nodes in %s (%.0f GFLOP/s), gradient norms: encoder %.4f, predictor %.4f, weight %.3f",
                result.utterances(),
                result.loss(),
                result.nodes(),
                ProgressLine.duration(result.seconds()),
                result.gflops(),
                result.encoderNorm(),
                result.predictorNorm(),
                result.weightNorm()));
        line.println("outputs and gradients in one place %s, scratch of the loss %s, process at most %s"
                .formatted(
                        MemoryBudget.format(result.outputBytes()),
                        MemoryBudget.format(result.scratchBytes()),
                        result.processPeakBytes() < 0 ? "?" : MemoryBudget.format(result.processPeakBytes())));
        return ExitCode.OK;
    }
}
