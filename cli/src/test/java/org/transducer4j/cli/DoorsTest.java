package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.transducer4j.asr.fixture.ToneModel;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.toy.ToyKernels;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Criteria, searches, exporters and kernels are chosen by name, also those from outside ({@code org.transducer4j.toy}). */
class DoorsTest {
    @TempDir
    static Path folder;

    private static Path model;
    private static Path valid;

    @BeforeAll
    static void trainOnce() throws IOException {
        model = ToneModel.train(folder, Topology.MODIFIED);
        valid = folder.resolve("valid.jsonl");
    }

    private static Cli decode(Path checkpoint, Path out, Object... more) {
        Object[] arguments = new Object[7 + more.length];
        Object[] first = {"decode", "--checkpoint", checkpoint, "--manifest", valid, "--out", out};
        System.arraycopy(first, 0, arguments, 0, 7);
        System.arraycopy(more, 0, arguments, 7, more.length);
        return Cli.run(arguments);
    }

    @Test
    void decodeSearchesByTheMethodThatIsNamed() throws IOException {
        Path greedy = folder.resolve("greedy");
        Cli plain = decode(model, greedy);
        assertEquals(0, plain.exitCode(), plain.err());
        Cli named = decode(model, folder.resolve("named"), "--search", "greedy");
        assertEquals(0, named.exitCode(), named.err());
        assertEquals(
                Files.readString(greedy.resolve("valid.jsonl")), Files.readString(folder.resolve("named/valid.jsonl")));
        assertTrue(Files.readString(greedy.resolve("wer-summary-valid.txt")).contains("greedy_search"));
        Path toy = folder.resolve("toy");
        Cli byToy = decode(model, toy, "--search", "toy");
        assertEquals(0, byToy.exitCode(), byToy.err());
        assertTrue(Files.readString(toy.resolve("wer-summary-valid.txt")).contains("toy_search"));
        List<String> lines = Files.readAllLines(toy.resolve("valid.jsonl"));
        // It says the first word and no more.
        List<String> all = Files.readAllLines(greedy.resolve("valid.jsonl"));
        for (int i = 0; i < lines.size(); i++) {
            String first = predicted(all.get(i)).split(" ")[0];
            assertEquals(first, predicted(lines.get(i)));
        }
        assertTrue(all.stream().anyMatch(line -> predicted(line).contains(" ")));
    }

    private static String predicted(String line) {
        return line.replaceFirst(".*\"pred_text\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void namesThatNobodyRegisteredAreRefusedWithThoseThereAre() {
        Path out = folder.resolve("refused");
        MainTest.assertBad(decode(model, out, "--search", "beams"), "\"beams\"", "greedy", "toy");
        MainTest.assertBad(decode(model, out, "--provider", "abacus"), "\"abacus\"", "reference", "scalar", "toy");
        MainTest.assertBad(
                Cli.run("align", "--checkpoint", model, "--manifest", valid, "--out", out, "--provider", "abacus"),
                "\"abacus\"",
                "reference",
                "scalar");
        MainTest.assertBad(
                Cli.run("export", "paper", "--checkpoint", model, "--out", out), "\"paper\"", "weights", "toy");
        MainTest.assertBad(Cli.run("export", "--checkpoint", model, "--out", out), "NAME");
        assertFalse(Files.exists(out));
        assertTrue(Cli.run("decode", "--help").out().contains("greedy, toy"));
        assertTrue(Cli.run("export", "--help").out().contains("weights, toy"));
    }

    @Test
    void everyProviderRecognisesAndAlignsAlike() throws IOException {
        String recognised = "";
        String aligned = "";
        for (String provider : List.of("reference", "scalar")) {
            Path out = folder.resolve("by-" + provider);
            Cli decoded = decode(model, out.resolve("decoded"), "--provider", provider);
            assertEquals(0, decoded.exitCode(), decoded.err());
            Cli align = Cli.run(
                    "align",
                    "--checkpoint",
                    model,
                    "--manifest",
                    valid,
                    "--out",
                    out.resolve("aligned"),
                    "--provider",
                    provider);
            assertEquals(0, align.exitCode(), align.err());
            String found = Files.readString(out.resolve("decoded/valid.jsonl"));
            String ctm = Files.readString(out.resolve("aligned/valid.ctm"));
            assertEquals(recognised.isEmpty() ? found : recognised, found);
            assertEquals(aligned.isEmpty() ? ctm : aligned, ctm);
            recognised = found;
            aligned = ctm;
        }
    }

    private static List<Double> losses(Path out) throws IOException {
        return Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .map(JsonMapper.shared()::readTree)
                .filter(line -> line.path("type").asString().equals("step"))
                .map(line -> line.path("loss").asDouble())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--no-augment | tiled+floor",
                "--exact | tiled",
                "--exact --loss transducer+0.2*ctc --schedule packed | transducer+0.2*ctc/full/packed",
                "--loss split:2 --ctc-scale 0.5 --occupancy-floor 0 | transducer+0.5*ctc/full/split:2",
                "--loss pruned --prune-range 3 --occupancy-floor 0.01 | pruned:3+floor:0.01",
                "--loss ctc+0.5*transducer/pruned:2 | ctc+0.5*transducer/pruned:2+floor"
            })
    void trainAndItsCheckpointHaveTheGrammarOfAll(String flags, String word) throws IOException {
        Path out = folder.resolve("grammar-" + flags.hashCode());
        List<Object> arguments = new ArrayList<>(List.of(flags.split(" ")));
        arguments.addAll(List.of("--max-steps", 1));
        Cli cli = train(out, arguments.toArray());
        assertEquals(0, cli.exitCode(), cli.err());
        boolean floor = word.contains("+floor");
        String shown = word.replaceFirst("\\+floor.*", "");
        assertTrue(cli.out().contains("loss: " + shown + " in"), cli.out());
        assertEquals(floor, cli.out().contains("occupancy floor "), cli.out());
        assertEquals(floor, cli.out().contains("errs by twice their sum at most"), cli.out());
        assertTrue(Files.readString(out.resolve("config.json")).contains("\"method\" : \"" + word + "\""));
        JsonNode kept = JsonMapper.shared()
                .readTree(
                        Checkpoint.read(out.resolve(Checkpoint.LAST)).metadata().get("training"));
        assertEquals(word, kept.path("options").path("objective").path("method").asString());
    }

    /** One class and one line, {@code org.transducer4j.toy.ToyCriterion}. */
    @Test
    void aCriterionFromOutsideIsTrainedOnSavedAndReadBack() throws IOException {
        Path out = folder.resolve("by-toy");
        Cli begun = train(out, "--loss", "toy:2", "--max-steps", 4, "--no-augment", "--warmup-steps", 1);
        assertEquals(0, begun.exitCode(), begun.err());
        assertTrue(begun.out().contains("loss: toy:2 in"), begun.out());
        assertFalse(begun.out().contains("floor"), begun.out());
        assertTrue(Files.readString(out.resolve("config.json")).contains("\"method\" : \"toy:2\""));
        Cli resumed = train(out, "--resume", "--max-steps", 10);
        assertEquals(0, resumed.exitCode(), resumed.err());
        assertTrue(resumed.out().contains("loss: toy:2 in"), resumed.out());
        assertTrue(resumed.out().contains("resumed after batch 4"), resumed.out());
        List<Double> losses = losses(out);
        assertEquals(10, losses.size());
        assertTrue(losses.getLast() / losses.getFirst() < 0.9, losses.toString());
        Path decoded = folder.resolve("decoded-by-toy");
        Cli read = decode(out, decoded);
        assertEquals(0, read.exitCode(), read.err());
        assertEquals(12, Files.readAllLines(decoded.resolve("valid.jsonl")).size());
    }

    @Test
    void aCriterionFromOutsideMayBePartOfASum() throws IOException {
        Path out = folder.resolve("by-sum");
        Cli sum = train(out, "--loss", "transducer+0.5*toy", "--band", "diagonal", "--max-steps", 2);
        assertEquals(0, sum.exitCode(), sum.err());
        assertTrue(sum.out().contains("loss: transducer+0.5*toy/diagonal in"), sum.out());
        assertEquals(2, losses(out).size());
    }

    @Test
    void whatACriterionFromOutsideHasNoUseForIsRefused() {
        Path out = folder.resolve("refused-by-toy");
        for (List<String> option : List.of(
                List.of("--band", "pruned"),
                List.of("--schedule", "packed"),
                List.of("--occupancy-floor", "0.1"),
                List.of("--fastemit", "0.1"),
                List.of("--hat"))) {
            List<Object> all = new ArrayList<>(List.of("--loss", "toy"));
            all.addAll(option);
            MainTest.assertBad(train(out, all.toArray()), option.getFirst(), "--loss toy");
        }
        MainTest.assertBad(train(out, "--loss", "toys"), "there is no loss \"toys\"", "transducer", "ctc", "toy");
        MainTest.assertBad(train(out, "--loss", "ctc:3"), "the loss ctc takes no arguments", "3");
        assertFalse(Files.exists(out));
        assertTrue(Cli.run("train", "--help").out().replaceAll("\\s+", " ").contains("of: transducer, ctc, toy;"));
    }

    @Test
    void kernelsAreChosenByName() throws IOException {
        Path reference = folder.resolve("trained-by-reference");
        Path scalar = folder.resolve("trained-by-scalar");
        MainTest.assertBad(train(scalar, "--provider", "abacus"), "\"abacus\"", "reference", "scalar", "simd");
        assertFalse(Files.exists(scalar));
        for (String loss : List.of("tiled", "pruned", "transducer+0.2*ctc")) {
            Object[] flags = {"--loss", loss, "--max-steps", 3, "--overwrite", "--provider", "reference"};
            assertEquals(0, train(reference, flags).exitCode());
            flags[flags.length - 1] = "scalar";
            assertEquals(0, train(scalar, flags).exitCode());
            List<Double> precise = losses(reference);
            List<Double> rounded = losses(scalar);
            assertNotEquals(precise, rounded, "double precision and single");
            for (int i = 0; i < precise.size(); i++) {
                assertEquals(1, rounded.get(i) / precise.get(i), 1e-4, loss);
            }
        }
    }

    @Test
    void trainComputesByKernelsFromOutside() throws IOException {
        long rows = ToyKernels.rows();
        Path out = folder.resolve("trained-by-toy-kernels");
        Cli cli = train(out, "--provider", "toy", "--max-steps", 2);
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(ToyKernels.rows() > rows);
        assertFalse(Files.readString(out.resolve("config.json")).contains("provider"), "a matter of the machine");
    }

    @Test
    void decodeScoresByKernelsFromOutside() throws IOException {
        long scored = ToyKernels.scored();
        Path out = folder.resolve("by-toy-kernels");
        Cli cli = decode(model, out, "--provider", "toy");
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(ToyKernels.scored() > scored);
        Path plain = folder.resolve("by-scalar-kernels");
        assertEquals(0, decode(model, plain, "--provider", "scalar").exitCode());
        assertEquals(Files.readString(plain.resolve("valid.jsonl")), Files.readString(out.resolve("valid.jsonl")));
    }

    @Test
    void alignComputesByKernelsFromOutside() {
        long rows = ToyKernels.rows();
        Path out = folder.resolve("aligned-by-toy-kernels");
        Cli cli = Cli.run("align", "--checkpoint", model, "--manifest", valid, "--out", out, "--provider", "toy");
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(ToyKernels.rows() > rows);
    }

    @Test
    void verifyChecksKernelsFromOutside() {
        Path cases = Path.of("../bench/src/test/resources/org/transducer4j/bench/joint/tanh");
        long utterances = ToyKernels.utterances();
        Cli cli = Cli.run("verify", "--provider", "toy", "--vectors", cases);
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(cli.out().contains("1 cases, toy: all within the tolerance"), cli.out());
        assertTrue(ToyKernels.utterances() > utterances);
    }

    @Test
    void benchHeadMeasuresKernelsFromOutside() throws IOException {
        Path json = folder.resolve("head.json");
        Cli cli = Cli.run(
                "bench",
                "head",
                "--shapes",
                "2,20,5,30,16",
                "--methods",
                "tiled",
                "--reps",
                "1",
                "--threads",
                "1",
                "--provider",
                "toy",
                "--json",
                json);
        assertEquals(0, cli.exitCode(), cli.err());
        double peak = new JsonMapper()
                .readTree(Files.readString(json))
                .get("results")
                .get(0)
                .get("peakGflops")
                .asDouble();
        assertEquals(ToyKernels.PEAK / 1e9, peak, "its process says another's");
    }

    @Test
    void kernelsThatCannotRunHereFailWhereTheyAreNamed() {
        Path cases = Path.of("../bench/src/test/resources/org/transducer4j/bench/joint/tanh");
        Path out = folder.resolve("by-no-device");
        String why = "kernel provider toy-device can't run here: there is no toy device; build one";
        MainTest.assertBad(decode(model, out, "--provider", "toy-device"), why);
        MainTest.assertBad(
                Cli.run("align", "--checkpoint", model, "--manifest", valid, "--out", out, "--provider", "toy-device"),
                why);
        MainTest.assertBad(Cli.run("verify", "--provider", "toy-device", "--vectors", cases), why);
        MainTest.assertBad(
                Cli.run("bench", "head", "--shapes", "2,20,5,30,16", "--methods", "tiled", "--provider", "toy-device"),
                why);
        assertFalse(Files.exists(out));
        assertTrue(Cli.run("doctor").out().contains("provider toy-device"));
    }

    @Test
    void exportWritesInTheFormThatIsNamed() throws IOException {
        Path weights = folder.resolve("weights");
        Cli export = Cli.run("export", "weights", "--checkpoint", model, "--out", weights);
        assertEquals(0, export.exitCode(), export.err());
        assertTrue(export.out().contains(weights.toString()), export.out());
        Cli again = Cli.run("export", "weights", "--checkpoint", model, "--out", weights);
        MainTest.assertBad(again, weights.toString(), "isn't empty");
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        assertEquals(0, decode(model, before).exitCode());
        Cli decoded = decode(weights, after);
        assertEquals(0, decoded.exitCode(), decoded.err());
        assertEquals(Files.readString(before.resolve("valid.jsonl")), Files.readString(after.resolve("valid.jsonl")));
        Path toy = folder.resolve("exported-toy");
        Cli byToy = Cli.run("export", "toy", "--checkpoint", model, "--out", toy);
        assertEquals(0, byToy.exitCode(), byToy.err());
        assertTrue(
                Files.readString(toy.resolve("toy.txt")).matches("\\d+ weights, 6 tokens\\R"),
                Files.readString(toy.resolve("toy.txt")));
    }

    private static Cli train(Path out, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train",
                "--train",
                folder.resolve("train.jsonl"),
                "--valid",
                valid,
                "--out",
                out,
                "--bins",
                16,
                "--max-duration",
                5));
        arguments.addAll(List.of("--joint-width", 16, "--epochs", 2, "--threads", 1));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    @Test
    void trainTakesTheEncoderAndThePredictorThatAreNamed() throws IOException {
        Path out = folder.resolve("trained");
        Cli trained = train(out, "--encoder", "toy:stack=2,width=20", "--predictor", "toy", "--max-steps", 6);
        assertEquals(0, trained.exitCode(), trained.err());
        String config = Checkpoint.read(out).metadata().get("config");
        assertTrue(config.contains("{\"toy\":{\"stack\":2,\"width\":20,\"dropout\":0.1}}"), config);
        assertTrue(config.contains("\"predictor\":{\"toy\":{}}"), config);
        Cli resumed =
                train(out, "--resume", "--encoder", "toy:stack=2,width=20", "--predictor", "toy", "--max-steps", 8);
        assertEquals(0, resumed.exitCode(), resumed.err());
        Path decoded = folder.resolve("by-toy-model");
        Cli decode = decode(out, decoded);
        assertEquals(0, decode.exitCode(), decode.err());
        assertEquals(12, Files.readAllLines(decoded.resolve("valid.jsonl")).size());
        Path none = folder.resolve("none");
        MainTest.assertBad(train(none, "--encoder", "gru"), "\"gru\"", "lstm", "toy");
        MainTest.assertBad(train(none, "--predictor", "gru"), "\"gru\"", "stateless", "toy");
        MainTest.assertBad(train(none, "--encoder", "toy:depth=3"), "depth", "stack", "width");
        MainTest.assertBad(train(none, "--encoder", "toy:stack=0"), "got 0");
        assertFalse(Files.exists(none));
    }
}
