package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.transducer4j.asr.decode.DecodeListener;
import org.transducer4j.asr.decode.DecodeOptions;
import org.transducer4j.asr.decode.DecodeResult;
import org.transducer4j.asr.decode.ManifestDecoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "decode",
        sortOptions = false,
        customSynopsis = "t4j decode --checkpoint DIR|FILE --manifest FILE --out DIR [OPTION]...",
        description = {
            "Recognises the utterances of a manifest, greedily, and scores them.",
            "",
            "DIR gets recogs-NAME.txt, errs-NAME.txt and wer-summary-NAME.txt in icefall's form, and the manifest's lines"
                    + " with pred_text and token times. The checkpoint holds the model's whole configuration.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  t4j decode --checkpoint model --manifest data/valid.jsonl --out result --json result.json"
        })
final class DecodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR|FILE",
            description = "A folder of t4j train, whose best model is taken, or a checkpoint file.")
    private Path checkpoint;

    @Option(names = "--manifest", required = true, paramLabel = "FILE", description = "What to recognise.")
    private Path manifest;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the results.")
    private Path out;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Of the test set, for file names. Default: the manifest's.")
    private String name = "";

    @Mixin
    private JsonOutput json = new JsonOutput();

    @Option(
            names = "--max-duration",
            paramLabel = "S",
            defaultValue = "120",
            description = "Seconds of sound in a batch at most. Default: ${DEFAULT-VALUE}.")
    private double maxDuration;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of libtorch. Default: all processors, here ${DEFAULT-VALUE}.")
    private int threads = Runtime.getRuntime().availableProcessors();

    private DecodeCommand() {}

    @Override
    public Integer call() {
        DecodeOptions options = new DecodeOptions(checkpoint, manifest, out, name, maxDuration, threads);
        json.check();
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        long start = System.nanoTime();
        DecodeResult result = ManifestDecoder.decode(options, new DecodeListener() {
            @Override
            public void progress(int done, int total) {
                double seconds = (System.nanoTime() - start) * 1e-9;
                line.update("%d of %d utterances  %s"
                        .formatted(done, total, ProgressLine.left(seconds, done / (double) total)));
            }
        });
        json.write(result);
        line.println("WER %.2f %% (%d of %d: %d sub, %d ins, %d del)"
                .formatted(
                        result.wer(),
                        result.errors(),
                        result.referenceWords(),
                        result.substitutions(),
                        result.insertions(),
                        result.deletions()));
        line.println("%d utterances, %s of sound in %s; results in %s"
                .formatted(
                        result.utterances(),
                        ProgressLine.duration(result.audioSeconds()),
                        ProgressLine.duration(result.seconds()),
                        out));
        return ExitCode.OK;
    }
}
