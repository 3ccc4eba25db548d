package org.transducer4j.cli;

import java.nio.file.Path;
import org.transducer4j.asr.search.DecodeListener;
import org.transducer4j.asr.search.DecodeOptions;
import picocli.CommandLine.Option;

/** The options of commands that lead a manifest through a trained model, and how they show that it goes on. */
final class ModelFlags {
    static final String PROVIDER =
            "Kernel provider, such as reference, scalar or simd. Default: the best that can run here.";

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR|FILE",
            description = "A folder of t4j train, whose best model is taken, or a checkpoint file.")
    private Path checkpoint;

    @Option(names = "--manifest", required = true, paramLabel = "FILE", description = "The utterances.")
    private Path manifest;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the results.")
    private Path out;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Of the test set, for file names. Default: the manifest's.")
    private String name = "";

    @Option(
            names = "--max-duration",
            paramLabel = "S",
            defaultValue = "120",
            description = "Seconds of sound in a batch at most. Default: ${DEFAULT-VALUE}.")
    private double maxDuration;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads. Default: all processors, here ${DEFAULT-VALUE}.")
    private int threads = Runtime.getRuntime().availableProcessors();

    private ModelFlags() {}

    DecodeOptions options() {
        return new DecodeOptions(checkpoint, manifest, out, name, maxDuration, threads);
    }

    static DecodeListener show(ProgressLine line) {
        long start = System.nanoTime();
        return new DecodeListener() {
            @Override
            public void progress(int done, int total) {
                double seconds = (System.nanoTime() - start) * 1e-9;
                line.update("%d of %d utterances  %s"
                        .formatted(done, total, ProgressLine.left(seconds, done / (double) total)));
            }

            @Override
            public void warning(String message) {
                line.println("warning: " + message);
            }
        };
    }
}
