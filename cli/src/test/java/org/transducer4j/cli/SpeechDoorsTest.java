package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.asr.fixture.ToneCorpus;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.toy.ToyAudio;

/** A corpus, sound and tokens in forms from outside ({@code org.transducer4j.toy}) go through every command. */
class SpeechDoorsTest {
    @TempDir
    static Path folder;

    private static Path train;
    private static Path valid;
    private static Path model;

    @BeforeAll
    static void trainOnce() throws IOException {
        train = toy(ToneCorpus.write(folder, "train", 40, 1));
        valid = toy(ToneCorpus.write(folder, "valid", 12, 2));
        model = folder.resolve("model");
        ok(train(train, model));
    }

    /** The corpus again in the toys' forms; nothing of the first is left. */
    private static Path toy(Path manifest) throws IOException {
        StringBuilder lines = new StringBuilder("toy corpus\n");
        for (CorpusUtterance utterance : CorpusReader.open(manifest)) {
            String sound = utterance.id() + ".toy";
            ToyAudio.write(folder.resolve(sound), utterance.read());
            Files.delete(utterance.sound().file());
            lines.append(
                    "%s|%s|%s|ann|calm|%s%n".formatted(utterance.id(), sound, utterance.duration(), utterance.text()));
        }
        Files.delete(manifest);
        return Files.writeString(
                folder.resolve(manifest.getFileName().toString().replace("jsonl", "corpus")), lines);
    }

    private static Cli train(Path train, Path out, Object... more) {
        List<Object> all = new ArrayList<>(List.of("train", "--train", train, "--valid", valid, "--out", out));
        all.addAll(List.of("--tokens", "toy", "--bins", 16, "--no-augment", "--max-duration", 5, "--buckets", 3));
        all.addAll(List.of("--channels", 4, "--encoder-layers", 2, "--encoder-width", 24, "--predictor-width", 12));
        all.addAll(List.of("--joint-width", 24, "--epochs", 40, "--learning-rate", 5e-3, "--warmup-steps", 10));
        all.addAll(List.of("--threads", 1));
        all.addAll(List.of(more));
        return Cli.run(all.toArray());
    }

    private static Cli ok(Cli cli) {
        assertEquals(0, cli.exitCode(), cli.err());
        return cli;
    }

    @Test
    void theCheckpointAloneKnowsItsTokens() throws IOException {
        assertEquals(2, Files.size(model.resolve("toy.bin")), "its own file beside tokens.txt");
        Checkpoint checkpoint = Checkpoint.read(model);
        assertEquals("toy", checkpoint.tokens().name());
        assertEquals(checkpoint.tokens().size() - 1, checkpoint.config().blank());
        Path alone = Files.createDirectory(folder.resolve("alone")).resolve("copy.safetensors");
        Files.copy(model.resolve(Checkpoint.BEST), alone);
        Path out = folder.resolve("decoded");
        Cli decode = ok(Cli.run("decode", "--checkpoint", alone, "--manifest", valid, "--out", out));
        assertTrue(decode.out().matches("(?s).*WER [0-9]\\.\\d\\d %.*"), decode.out());
        CorpusUtterance first =
                CorpusReader.open(out.resolve("valid.corpus.jsonl")).getFirst();
        assertEquals("valid-0", first.id());
        assertEquals("ann", first.speaker());
        assertEquals("calm", first.attributes().get("mood"));
        assertEquals(first.text(), first.attributes().get("pred_text"));

        Path exported = folder.resolve("exported");
        ok(Cli.run("export", "weights", "--checkpoint", alone, "--out", exported));
        assertTrue(Files.exists(exported.resolve("toy.bin")));
        Path again = folder.resolve("decoded-again");
        ok(Cli.run("decode", "--checkpoint", exported, "--manifest", valid, "--out", again));
        assertEquals(
                Files.readString(out.resolve("valid.corpus.jsonl")),
                Files.readString(again.resolve("valid.corpus.jsonl")));
    }

    @Test
    void alignmentsAndPagesAreOfTheseTokens() throws IOException {
        Path out = folder.resolve("aligned");
        ok(Cli.run("align", "--checkpoint", model, "--manifest", train, "--out", out, "--name", "train"));
        String line = Files.readAllLines(out.resolve("train.jsonl")).getFirst();
        assertTrue(line.contains("\"alignment\":{\"tokens\":[\"\u2581"), line);
        String word = Files.readAllLines(out.resolve("train.ctm")).getFirst();
        assertTrue(word.matches("train-0 1 [0-9.]+ [0-9.]+ (low|mid|high)"), word);
        // What was aligned trains the alignment-restricted loss, by tokens and by words.
        Path aligned = out.resolve("train.jsonl");
        ok(train(aligned, folder.resolve("by-frames"), "--loss", "aligned", "--max-steps", 2));
        Path ctm = out.resolve("train.ctm");
        ok(train(train, folder.resolve("by-words"), "--loss", "aligned", "--max-steps", 2, "--ctm", ctm));
        Path page = folder.resolve("page.html");
        ok(Cli.run("report", model, "--utterance", "valid-1", "--out", page));
        assertTrue(Files.readString(page).contains("Utterance valid-1"));
    }

    /** Also from a folder, which has no bytes of its own to tell it by. */
    @Test
    void trainingGoesOnWhereItWas() throws IOException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        Path index = corpus.resolve("index.txt");
        Files.writeString(index, Files.readString(train).replace("|train-", "|../train-"));
        Path run = folder.resolve("resumed");
        ok(train(corpus, run, "--max-steps", 4));
        ok(train(corpus, run, "--max-steps", 8, "--resume"));
        assertEquals("toy", Checkpoint.read(run).tokens().name());
        Files.writeString(index, Files.readString(index).replaceFirst("low|mid|high", "high low"));
        MainTest.assertBad(train(corpus, run, "--max-steps", 12, "--resume"), "other manifests");
    }

    @Test
    void corporaArePlannedAndPrepared() throws IOException {
        String planned = ok(Cli.run(
                        "plan",
                        "--gflops",
                        100,
                        "--manifest",
                        valid,
                        "--tokens",
                        "toy",
                        "--joint",
                        16,
                        "--max-duration",
                        "2s"))
                .out();
        assertTrue(planned.contains("12 utterances, 7 symbols"), planned);
        Path split = folder.resolve("split");
        ok(Cli.run("prepare", "split", "--manifest", train, "--hold-out-takes", "0-9", "--out", split));
        String line = Files.readAllLines(split.resolve("valid.jsonl")).getFirst();
        assertTrue(
                line.matches("\\{\"audio_filepath\":\"../train-0.toy\",\"duration\":[0-9.]+,\"text\":\"[a-z ]+\","
                        + "\"speaker\":\"ann\",\"mood\":\"calm\",\"id\":\"train-0\"}"),
                line);
        Path connected = folder.resolve("connected");
        ok(Cli.run(
                "prepare",
                "connect",
                "--manifest",
                valid,
                "--utterances",
                3,
                "--min",
                2,
                "--max",
                2,
                "--out",
                connected));
        assertEquals(3, CorpusReader.open(connected.resolve("manifest.jsonl")).size());
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() throws IOException {
        Path none = folder.resolve("none");
        Path bad = Files.writeString(folder.resolve("bad.corpus"), "toy corpus\na|b|1\n");
        MainTest.assertBad(Cli.run("train", "--train", bad, "--valid", valid, "--out", none), bad + ":2", "6 fields");
        Path missing =
                Files.writeString(folder.resolve("missing.corpus"), "toy corpus\nx|nothing.toy|1|ann|calm|low\n");
        MainTest.assertBad(
                Cli.run("train", "--train", missing, "--valid", valid, "--out", none),
                missing + ":2",
                "nothing.toy",
                "no such file");
        Path other = Files.writeString(folder.resolve("other.corpus"), "toy corpus\nx|valid-0.toy|0.1|ann|calm|zoo\n");
        MainTest.assertBad(
                Cli.run("train", "--train", train, "--valid", other, "--out", none, "--tokens", "toy"),
                other + ":2",
                "\u2581zo");
        MainTest.assertBad(
                Cli.run("train", "--train", train, "--valid", valid, "--out", none, "--tokens", "syllables"),
                "syllables",
                "word",
                "char",
                "toy");
        assertTrue(Cli.run("train", "--help").out().contains("auto, word, char, toy"));
        MainTest.assertBad(Cli.run("train", "--train", folder, "--valid", valid, "--out", none), "folder", "nemo, toy");
        assertFalse(Files.exists(none));
    }
}
