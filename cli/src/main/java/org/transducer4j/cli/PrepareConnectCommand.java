package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.transducer4j.speech.corpus.Connect;
import org.transducer4j.speech.corpus.ConnectOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "connect",
        sortOptions = false,
        description = {
            "Joins clips of the same speaker to longer utterances with short near-silences between them.",
            "",
            "Speakers take turns; the transcripts are drawn evenly, then a clip of that speaker. Writes DIR/manifest.jsonl"
                    + " and DIR/audio. The same seed makes the same files.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  t4j prepare connect --manifest clips.jsonl --utterances 3000 --min 3 --max 7 --seed 1 --out digits"
        })
final class PrepareConnectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--manifest", required = true, paramLabel = "FILE", description = "Manifest of the clips.")
    private Path manifest;

    @Option(
            names = "--utterances",
            paramLabel = "N",
            defaultValue = "3000",
            description = "How many to make. Default: ${DEFAULT-VALUE}.")
    private int utterances;

    @Option(
            names = "--min",
            paramLabel = "N",
            defaultValue = "3",
            description = "Fewest clips in one. Default: ${DEFAULT-VALUE}.")
    private int min;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "7",
            description = "Most clips in one. Default: ${DEFAULT-VALUE}.")
    private int max;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all that is drawn. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to make.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace what an earlier run made there.")
    private boolean overwrite;

    private PrepareConnectCommand() {}

    @Override
    public Integer call() {
        ProgressLine progress = new ProgressLine(spec.commandLine().getOut());
        long start = System.nanoTime();
        Connect.Result made =
                Connect.run(new ConnectOptions(manifest, utterances, min, max, seed, out, overwrite), (done, total) -> {
                    double seconds = (System.nanoTime() - start) * 1e-9;
                    progress.update("%d of %d utterances, %s"
                            .formatted(done, total, ProgressLine.left(seconds, done / (double) total)));
                });
        progress.println("%s: %d utterances, %.2f h of sound at %d Hz, %d speakers"
                .formatted(
                        made.manifest(), made.utterances(), made.seconds() / 3600, made.sampleRate(), made.speakers()));
        if (made.resampledClips() > 0) {
            progress.println(made.resampledClips() + " clips had another rate and were resampled");
        }
        return ExitCode.OK;
    }
}
