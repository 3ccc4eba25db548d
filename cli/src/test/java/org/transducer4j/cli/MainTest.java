package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MainTest {
    @TempDir
    Path directory;

    static void assertBad(Cli cli, String... parts) {
        assertEquals(2, cli.exitCode(), cli.err());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().startsWith("t4j: "), cli.err());
        for (String part : parts) {
            assertTrue(cli.err().contains(part), cli.err());
        }
    }

    @Test
    void versionAndHelp() {
        assertTrue(Cli.run("--version").out().matches("t4j \\d+\\.\\d+.*\\R"));
        Cli help = Cli.run("--help");
        assertEquals(0, help.exitCode());
        for (String command : List.of(
                "train", "decode", "align", "export", "prepare", "plan", "report", "verify", "doctor", "demo")) {
            assertTrue(help.out().contains("\n  " + command), help.out());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "decode",
                "align",
                "export",
                "prepare connect",
                "prepare split",
                "plan",
                "report",
                "verify",
                "doctor",
                "demo",
                "bench head",
                "bench papers",
                "bench training",
                "bench highlight"
            })
    void everyCommandShowsAnExample(String command) {
        String[] args = (command + " --help").split(" ");
        Cli help = Cli.run((Object[]) args);
        assertEquals(0, help.exitCode());
        assertTrue(help.out().contains("Example") && help.out().contains("  t4j " + command), help.out());
    }

    /** A lone percent sign in a description makes picocli warn on standard error and show the text unformatted. */
    @Test
    void noHelpWarns() {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertTrue(showHelp(new CommandLine(Main.class)) > 10, "commands are missing");
        } finally {
            System.setErr(before);
        }
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }

    /** Number of commands at and below this one. */
    private static int showHelp(CommandLine command) {
        String help = command.getUsageMessage();
        assertFalse(help.contains("%%") || help.contains("%n"), help);
        return 1
                + command.getSubcommands().values().stream()
                        .mapToInt(MainTest::showHelp)
                        .sum();
    }

    @Test
    void usageErrorsAreOneLine() {
        assertBad(Cli.run(), "which command", "t4j --help");
        assertBad(Cli.run("prepare"), "connect or split");
        assertBad(Cli.run("verfy"), "verfy", "verify");
        assertBad(Cli.run("verify"), "--vectors", "t4j verify --help");
        assertBad(Cli.run("verify", "--vectors", directory, "--loss-tolerance", "much"), "--loss-tolerance", "much");
        assertBad(Cli.run("verify", "--vectors", directory, "--loss-tolerance", "-1"), "-1");
        assertBad(
                Cli.run("train", "--train", "a", "--valid", "b", "--out", "c", "--resume", "--overwrite"), "--resume");
        assertBad(Cli.run("prepare", "split", "--manifest", "m", "--out", "o"), "--hold-out");
    }

    @Test
    void filesThatArentThereAreNamed() {
        Path missing = directory.resolve("missing.jsonl");
        Path out = directory.resolve("out");
        assertBad(Cli.run("verify", "--vectors", missing), missing.toString());
        assertBad(Cli.run("prepare", "connect", "--manifest", missing, "--out", out), missing.toString());
        assertBad(
                Cli.run("prepare", "split", "--manifest", missing, "--hold-out-takes", "0-9", "--out", out),
                missing.toString());
        assertBad(Cli.run("train", "--train", missing, "--valid", missing, "--out", out), missing.toString());
        assertBad(Cli.run("align", "--checkpoint", missing, "--manifest", missing, "--out", out), missing.toString());
        assertFalse(Files.exists(directory.resolve("out/manifest.jsonl")));
        Path decoded = directory.resolve("decoded");
        assertBad(
                Cli.run("decode", "--checkpoint", missing, "--manifest", missing, "--out", decoded),
                missing.toString());
        assertFalse(Files.exists(decoded));
        assertBad(Cli.run("bench", "head", "--shapes", "2,20,5,30,16", "--methods", "pruned:1"), "prune range");
    }

    @Test
    void growthAndAccuracyComplainBeforeTheyMakeAnything() {
        Path out = directory.resolve("growth");
        String shape = "2,20,5,30,16";
        assertBad(Cli.run("bench", "growth", "--shape", shape, "--methods", "fast", "--out", out), "fast");
        assertBad(Cli.run("bench", "growth", "--shape", shape, "--threads", "0", "--out", out), "threads", "0");
        assertBad(Cli.run("bench", "growth", "--shape", shape, "--reps", "0", "--out", out), "repetitions");
        assertBad(
                Cli.run("bench", "growth", "--shape", "1,999999,5,30,16", "--doublings", "9", "--out", out), "frames");
        assertBad(
                Cli.run("bench", "growth", "--shape", "8,100,20,500000,100000", "--out", out),
                "tiled at 8,100,20,500000,100000 can't be measured here",
                "V or H must be smaller");
        assertBad(Cli.run("bench", "growth", "--shape", shape, "--methods", "tiled,tiled", "--out", out), "once");
        assertFalse(Files.exists(out));
        assertBad(Cli.run("bench", "accuracy", "--shapes", shape, "--methods", "pruned:3"), "pruned:3");
        assertBad(Cli.run("bench", "accuracy", "--shapes", shape, "--weight-scale", "-1"), "weight scale", "-1");
    }

    @Test
    void linesThatAreNoJsonAreNamed() throws IOException {
        Path manifest = Files.writeString(directory.resolve("m.jsonl"), "{\"audio_filepath\": \"a.wav\", \"durat\n");
        assertBad(
                Cli.run("train", "--train", manifest, "--valid", manifest, "--out", directory.resolve("o")),
                manifest + ":1");
        Path out = directory.resolve("aligned");
        assertBad(Cli.run("align", "--checkpoint", directory, "--manifest", manifest, "--out", out), manifest + ":1");
        assertFalse(Files.exists(out));
    }

    @Test
    void alignsWithWhatTrainMade() throws IOException {
        AudioFiles.writeWav(directory.resolve("a.wav"), new Audio(new float[4000], 8000));
        Path manifest = Files.writeString(directory.resolve("m.jsonl"), """
                {"id": "a", "audio_filepath": "a.wav", "duration": 0.5, "text": "one two"}
                {"id": "b", "audio_filepath": "a.wav", "duration": 0.5, "text": "two"}
                """);
        Path model = directory.resolve("model");
        Path out = directory.resolve("aligned");
        Object[] align = {"align", "--checkpoint", model, "--manifest", manifest, "--out", out};
        assertBad(Cli.run(align), model.toString());
        assertFalse(Files.exists(out));
        Cli trained = Cli.run(
                "train", "--train", manifest, "--valid", manifest, "--out", model, "--max-steps", "1", "--epochs", "1");
        assertEquals(0, trained.exitCode(), trained.err());
        Path json = directory.resolve("align.json");
        Object[] withJson =
                Stream.concat(Arrays.stream(align), Stream.of("--json", json)).toArray();
        Cli aligned = Cli.run(withJson);
        assertEquals(0, aligned.exitCode(), aligned.err());
        assertTrue(aligned.out().contains("2 utterances, 3 tokens aligned, 0 utterances left out"), aligned.out());
        assertTrue(Files.readString(out.resolve("m.jsonl")).contains("\"frames\":["));
        assertEquals(3, Files.readAllLines(out.resolve("m.ctm")).size());
        assertTrue(Files.readString(json).contains("\"tokens\" : 3"), Files.readString(json));
        assertBad(Cli.run(align), out.resolve("m.jsonl").toString(), "--overwrite");
        Files.writeString(manifest, """
                {"id": "a", "audio_filepath": "a.wav", "duration": 0.5, "text": "one three"}
                """);
        Path other = directory.resolve("other");
        assertBad(
                Cli.run("align", "--checkpoint", model, "--manifest", manifest, "--out", other),
                manifest + ":1",
                "\"three\"");
        assertFalse(Files.exists(other));
    }

    @ParameterizedTest
    @CsvSource({
        "--loss fast, no loss",
        "--loss split:0, split",
        "--loss tiled --prune-range 5, --loss pruned",
        "--loss pruned --buffer-left 5, --loss aligned",
        "--loss tiled --ctm words.ctm, --loss aligned",
        "--loss ctc --fastemit 0.01, CTC",
        "--loss ctc --ctc-scale 0.2, CTC",
        "--loss ctc --hat, CTC",
        "--loss pruned --hat, HAT",
        "--loss ctc --topology regular, CTC",
        "--loss pruned --prune-range 1, prune range",
        "--loss pruned --window-rule best, window rule",
        "--loss aligned --buffer-right -1, buffers",
        "--memory-budget 12monkeys, 256MiB",
        "--occupancy-floor 2, occupancy floor",
        "--ctc-scale -1, CTC scale",
        "--topology round, no topology",
        "--exact --band pruned:7, got --band pruned:7",
        "--exact --loss aligned, got --loss aligned",
        "--exact --loss transducer+0.2*ctc/pruned/packed, band full",
        "--exact --occupancy-floor 0.001, got --occupancy-floor 0.001",
        "--exact --loss packed+floor, 'no occupancy floor, got --loss packed+floor'",
        "--loss ctc --schedule packed, no schedule",
        "--loss ctc --band pruned, 'band full, got pruned'",
        "--loss ctc --occupancy-floor 0.1, --occupancy-floor means nothing",
        "--loss ctc --prune-range 3, --prune-range means nothing",
        "--loss pruned:4 --prune-range 5, --prune-range 5 contradicts",
        "--band aligned:3 --buffer-left 4, --buffer-left 4 contradicts",
        "--loss transducer+0.2*ctc --ctc-scale 0.3, --ctc-scale 0.3 contradicts",
        "--loss tiled --schedule packed, schedule tiled",
        "--loss transducer+0.2*fast, no loss \"fast\"",
        "--band narrow, no band \"narrow\"",
        "--band pruned --window-rule edges --ctm words.ctm, --loss aligned"
    })
    void lossesAndTheirOptionsMustFit(String options, String problem) {
        Path out = directory.resolve("o");
        Object[] arguments = Stream.concat(
                        Stream.of("train", "--train", "a", "--valid", "b", "--out", out),
                        Arrays.stream(options.split(" ")))
                .toArray();
        assertBad(Cli.run(arguments), problem);
        assertFalse(Files.exists(out));
    }

    @Test
    void methodsAreComparedInTraining() throws IOException {
        AudioFiles.writeWav(directory.resolve("a.wav"), new Audio(new float[4000], 8000));
        Path manifest = Files.writeString(directory.resolve("m.jsonl"), """
                {"id": "a", "audio_filepath": "a.wav", "duration": 0.5, "text": "one two"}
                {"id": "b", "audio_filepath": "a.wav", "duration": 0.5, "text": "two"}
                """);
        Path json = directory.resolve("r.json");
        Object[] bench = {
            "bench",
            "training",
            "--train",
            manifest,
            "--valid",
            manifest,
            "--out",
            directory.resolve("o"),
            "--epochs",
            "2",
            "--methods",
            "tiled,aligned,pruned,ctc",
            "--json",
            json
        };
        Cli run = Cli.run(bench);
        assertEquals(0, run.exitCode(), run.err());
        for (String method : new String[] {"tiled", "aligned", "pruned", "ctc"}) {
            assertTrue(run.out().contains("| " + method + " | "), run.out());
            assertTrue(Files.readString(json).contains("\"" + method + "\""), method);
        }
        assertBad(Cli.run(bench), "--overwrite");
        assertBad(
                Cli.run(
                        "bench",
                        "training",
                        "--train",
                        "a",
                        "--valid",
                        "b",
                        "--out",
                        "c",
                        "--methods",
                        "aligned,tiled"),
                "aligned needs a model");
        assertBad(Cli.run("bench"), "bench what");
    }

    @Test
    void aHeadIsMeasured() throws IOException {
        Path json = directory.resolve("head.json");
        Cli cli = Cli.run(
                "bench",
                "head",
                "--shapes",
                "2,20,5,30,16",
                "--methods",
                "tiled+floor",
                "--reps",
                "2",
                "--threads",
                "1",
                "--json",
                json);
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(cli.out().contains("2,20,5,30,16"), cli.out());
        JsonNode result =
                new JsonMapper().readTree(Files.readString(json)).get("results").get(0);
        assertEquals("2,20,5,30,16", result.get("shape").asString());
        assertEquals("tiled+floor", result.get("method").asString());
        for (String key : new String[] {
            "scratchBytes", "peakRssBytes", "executedGflops", "peakGflops", "peakFraction", "nodes", "nodesBackward"
        }) {
            assertTrue(result.get(key).asDouble() > 0, key + " in " + result);
        }
        JsonNode seconds = result.get("seconds");
        assertTrue(0 < seconds.get("min").asDouble(), seconds.toString());
        assertTrue(seconds.get("min").asDouble() <= seconds.get("median").asDouble(), seconds.toString());
        assertTrue(seconds.get("median").asDouble() <= seconds.get("max").asDouble(), seconds.toString());
        assertTrue(result.get("nodesBackward").asLong() <= result.get("nodes").asLong(), result.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "head --shapes 2;20, B;T;U;V;H",
        "head --shapes 2;20;5;30;16 --methods fast, fast",
        "head --shapes 2;20;5;30;16 --methods tiled;packed;tiled, once",
        "head --shapes 8;100;20;500000;100000 --methods tiled, V or H must be smaller",
        "head --shapes 2;20;5;30;16 --memory-budget 1 --methods tiled, memory budget of 1 B",
        "head --shapes 2;20;5;30;16 --batches 3, FROM-TO",
        "head --shapes 2;20;5;30;16 --threads 0, threads",
        "head --shapes 2;20;5;30;16 --threads 100000000, '1 to 1024, not 100000000'",
        "head --shapes 2;20;5;30;16 --reps 0, repetitions",
        "head --shapes 2;20;5;30;16 --memory-budget much, 256MiB",
        "head --shapes 2;20;5;30;16 --lengths nowhere.csv, nowhere.csv",
        "papers --tables a;x, 'a,b,c,d'",
        "papers --threads 0, threads",
        "papers --threads 5000, '1 to 1024, not 5000'",
        "papers --tables b --lengths nowhere.csv, table a",
        "papers --reps 0, repetitions",
        "papers --cell-seconds 0, seconds",
        "papers --memory-budget much, 256MiB",
        "papers --device-memory 0B, 1 byte",
        "papers --lengths nowhere.csv, nowhere.csv"
    })
    void measurementsNameBadInput(String options, String problem) {
        Path out = directory.resolve("o");
        String[] words = ("bench " + options.replace(';', ',')).split(" ");
        Object[] arguments = words[1].equals("papers")
                ? Stream.concat(Arrays.stream(words), Stream.of("--out", out)).toArray()
                : words;
        Cli cli = Cli.run(arguments);
        assertBad(cli, problem.replace(';', ','));
        assertEquals("", cli.out());
        assertFalse(Files.exists(out));
    }

    @Test
    void tablesOfTheWorksAreWrittenAndBecomeAPage() throws IOException {
        Path out = directory.resolve("papers");
        // Nothing fits in so little, so nothing runs.
        Object[] papers = {"bench", "papers", "--tables", "a,b,c,d", "--device-memory", "1MiB", "--out", out};
        Cli cli = Cli.run(papers);
        assertEquals(0, cli.exitCode(), cli.err());
        for (String part : new String[] {
            "(a) published benchmark, 30 utterances a batch",
            "(a) published benchmark, sorted, at most 10,000 frames a batch",
            "drawn like LibriSpeech's",
            "optimized_transducer (V100)",
            "567.7 ms",
            "(b) sample-wise against batched, 40 s of sound (T=1000 U=120 V=1024 H=640)",
            "(c) pruned against exact",
            "(d) alignment-restricted against exact",
            "does not fit: would need 481.1 GiB"
        }) {
            assertTrue(cli.out().contains(part), part + " in\n" + cli.out());
        }
        assertTrue(Files.readString(out.resolve("papers.json")).contains("--device-memory 1MiB"));
        assertEquals(
                1 + 2 * 15 + 4 * 12 + 8 + 7,
                Files.readAllLines(out.resolve("papers.csv")).size());
        assertEquals(cli.out(), Cli.run(papers).out());
        assertBad(
                Cli.run("bench", "papers", "--tables", "d", "--device-memory", "2MiB", "--out", out),
                out.toString(),
                "1048576 bytes, this is 2097152 bytes");
        assertEquals(0, Cli.run("report", out).exitCode());
        String page = Files.readString(out.resolve("report.html"));
        assertTrue(page.contains("(d) alignment-restricted") && page.contains("would need 481.1 GiB"), "the page");
        assertFalse(page.contains("NaN"), "a number that is none");
    }

    @Test
    void theJsonFileIsCheckedFirst() {
        Path json = directory.resolve("no/such/folder.json");
        assertBad(
                Cli.run("train", "--train", "a", "--valid", "b", "--out", directory.resolve("o"), "--json", json),
                json.toString());
        assertBad(
                Cli.run("train", "--train", "a", "--valid", "b", "--out", directory.resolve("o"), "--json", directory),
                "folder");
    }

    @Test
    void prepareSplits() throws IOException {
        Path manifest = Files.writeString(directory.resolve("m.jsonl"), """
                {"id": "a_1", "audio_filepath": "a.wav", "duration": 1.0, "text": "one"}
                {"id": "a_2", "audio_filepath": "b.wav", "duration": 1.0, "text": "two"}
                """);
        Path out = directory.resolve("split");
        Cli cli = Cli.run("prepare", "split", "--manifest", manifest, "--hold-out-takes", "2", "--out", out);
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(cli.out().contains("1 utterances held out"), cli.out());
        assertTrue(Files.readString(out.resolve("valid.jsonl")).contains("a_2"));
        assertBad(Cli.run("prepare", "split", "--manifest", manifest, "--hold-out-takes", "2", "--out", out), "exists");
    }

    @Test
    void aFolderThatHasNothingToReportIsNamed() throws IOException {
        assertBad(Cli.run("report"), "DIR");
        assertBad(Cli.run("report", directory), "no folder of t4j train", directory.toString());
        assertBad(Cli.run("report", directory.resolve("nowhere")), "no such folder");
        assertBad(Cli.run("report", directory, "--manifest", "m.jsonl"), "--utterance");
        assertFalse(Files.exists(directory.resolve("report.html")));
    }

    @Test
    void doctorLooksAtEverything() {
        Cli cli = Cli.run("doctor");
        for (String subject :
                List.of("JDK", "Vector API", "JVM flags", "processor", "memory", "provider reference", "libtorch")) {
            assertTrue(cli.out().contains(subject), cli.out());
        }
        assertEquals(cli.out().contains("PROBLEM ") ? 1 : 0, cli.exitCode(), cli.out());
    }

    @Test
    void exceptionsBecomeOneLine() {
        assertEquals(
                new Failure("m.jsonl:3: is no JSON", 2), Failure.of(new BadInputException("m.jsonl:3: is no JSON")));
        assertEquals(
                new Failure("/x/y: no such file or folder", 2),
                Failure.of(new UncheckedIOException(new NoSuchFileException("/x/y"))));
        assertEquals(new Failure("/x: permission denied", 2), Failure.of(new AccessDeniedException("/x")));
        assertEquals(
                new Failure("/x: No space left on device", 2),
                Failure.of(new FileSystemException("/x", null, "No space left on device")));
        assertEquals(new Failure("two; lines", 2), Failure.of(new IllegalArgumentException("two\n  lines\n")));
    }

    @Test
    void anErrorOfOurOwnLeavesItsStackTrace() throws IOException {
        Failure failure = Failure.of(new IllegalStateException("that can't be"));
        assertEquals(70, failure.exitCode());
        String file = failure.message().replaceAll(".*stack trace in (.*)\\)", "$1");
        assertTrue(Files.readString(Path.of(file)).contains("anErrorOfOurOwnLeavesItsStackTrace"), failure.message());
        Files.delete(Path.of(file));
    }
}
