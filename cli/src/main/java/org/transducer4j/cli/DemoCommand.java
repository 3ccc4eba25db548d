package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.search.DecodeListener;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.DecodeResult;
import org.transducer4j.asr.search.ManifestDecoder;
import org.transducer4j.asr.search.Transcript;
import org.transducer4j.asr.train.TrainOptions;
import org.transducer4j.asr.train.TrainResult;
import org.transducer4j.asr.train.Trainer;
import org.transducer4j.demo.BatchedMemory;
import org.transducer4j.demo.DemoOptions;
import org.transducer4j.demo.SpokenDigits;
import org.transducer4j.speech.corpus.CorpusUtterance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Trains a recogniser of spoken digits in a few minutes, with no data at hand, and shows what it recognises.",
            "",
            "A synthesiser speaks connected digits at many rates and pitches, with noise. DIR gets the sound, the model and"
                    + " the results; a second run replaces them.",
            ""
        },
        footer = {"", "Example:", "  t4j demo --out demo"})
final class DemoCommand implements Callable<Integer> {
    private static final int SHOWN = 5;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "demo",
            description = "Folder of the demo. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    private DemoCommand() {}

    @Override
    public Integer call() {
        long start = System.nanoTime();
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        DemoOptions demo = new DemoOptions(out, seed);
        line.println("1. A synthesiser speaks digits into " + demo.sound());
        Path train = speak(line, demo.sound("train"), DemoOptions.TRAIN_UTTERANCES, 3 * seed);
        Path valid = speak(line, demo.sound("valid"), DemoOptions.VALID_UTTERANCES, 3 * seed + 1);
        Path test = speak(line, demo.sound("test"), DemoOptions.TEST_UTTERANCES, 3 * seed + 2);

        line.println("2. Training on %d utterances".formatted(DemoOptions.TRAIN_UTTERANCES));
        TrainOptions options = demo.training(train, valid);
        TrainResult trained = Trainer.train(options, new TrainDisplay(line));

        line.println("3. Recognising %d other utterances".formatted(DemoOptions.TEST_UTTERANCES));
        List<String> shown = new ArrayList<>();
        DecodeResult result = ManifestDecoder.decode(
                DecodeOptions.defaults(demo.model(), test, demo.results()), new DecodeListener() {
                    @Override
                    public void utterance(CorpusUtterance entry, Transcript transcript) {
                        shown.add(comparison(entry, transcript));
                    }
                });
        for (int i = 0; i < Math.min(SHOWN, shown.size()); i++) {
            line.println(shown.get(i * shown.size() / SHOWN));
        }
        line.println("   WER %.2f %% on %d words (%d sub, %d ins, %d del)"
                .formatted(
                        result.wer(),
                        result.referenceWords(),
                        result.substitutions(),
                        result.insertions(),
                        result.deletions()));

        line.println("4. Memory");
        Checkpoint checkpoint = Checkpoint.read(demo.model());
        BatchedMemory batched = BatchedMemory.ofLargest(
                train,
                checkpoint.tokens(),
                checkpoint.model(),
                options.data().maxDuration(),
                options.data().buckets(),
                options.seed());
        line.println(
                "   The loss held %.1f MiB at most, whatever the batch. The usual padded loss would hold for the largest batch"
                        .formatted(trained.lossPeakBytes() / 1048576.0));
        line.println("   " + batched.arithmetic() + ".");

        line.println("Done in %s.".formatted(ProgressLine.duration((System.nanoTime() - start) * 1e-9)));
        line.println("Next, with your own recordings (a line of JSON each: audio_filepath, duration, text):");
        line.println("  t4j train --train train.jsonl --valid valid.jsonl --out model");
        line.println("  t4j decode --checkpoint model --manifest valid.jsonl --out result");
        return ExitCode.OK;
    }

    private static Path speak(ProgressLine line, Path folder, int utterances, long seed) {
        Path manifest = SpokenDigits.speak(
                folder,
                utterances,
                seed,
                (done, total) -> line.update("   %d of %d utterances".formatted(done, total)));
        line.clear();
        return manifest;
    }

    private static String comparison(CorpusUtterance entry, Transcript transcript) {
        String timed = transcript.tokens().stream()
                .map(token -> "%s %.2f".formatted(token.piece(), token.start()))
                .collect(Collectors.joining(", "));
        return "   said        %s%n   recognised  %s%s%n   at seconds  %s%n"
                .formatted(
                        entry.text(),
                        transcript.text(),
                        transcript.text().equals(entry.text()) ? "" : "   (wrong)",
                        timed);
    }
}
