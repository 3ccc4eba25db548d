package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.transducer4j.cli.MainTest.assertBad;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same words and parts in every command that takes methods. */
class MethodFlagsTest {
    private static final String HEAD = "bench head --shapes 2,20,5,30,16 --reps 1 --threads 1 ";
    private static final String PLAN = "plan --gflops 100 --batch 4 --frames 60 --labels 12 --vocab 30 --joint 16 ";

    @TempDir
    Path folder;

    private static Cli cli(String line) {
        Object[] words = line.strip().split(" +");
        return Cli.run(words);
    }

    /** What the results of a command say. */
    private List<String> methods(String line, String list) throws IOException {
        Path json = folder.resolve("result.json");
        Cli cli = cli(line + " --json " + json);
        assertEquals(0, cli.exitCode(), cli.err());
        List<String> methods = new ArrayList<>();
        for (JsonNode one : new JsonMapper().readTree(Files.readString(json)).get(list)) {
            methods.add(one.get("method").asString());
        }
        return methods;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--loss transducer | tiled",
                "--loss packed | packed",
                "--loss tiled+floor | tiled+floor",
                "--band pruned:3 | pruned:3",
                "--band aligned:2,4 | aligned:2,4",
                "--schedule split:2 | split:2",
                "--band full --schedule tiled --occupancy-floor 0.001 | tiled+floor:0.001",
                "--loss transducer --band pruned --schedule packed | transducer/pruned/packed",
                "--loss aligned:3 --schedule sample-wise | transducer/aligned:3/sample-wise",
                "--methods tiled,aligned:2,4,pruned:3 | tiled aligned:2,4 pruned:3",
                "--methods packed --band pruned | packed pruned",
                "--methods transducer/pruned:3/packed | transducer/pruned:3/packed"
            })
    void plansTakeThem(String flags, String words) throws IOException {
        assertEquals(List.of(words.split(" ")), methods(PLAN + flags, "methods"));
    }

    @Test
    void headsAreMeasuredByThem() throws IOException {
        assertEquals(
                List.of("packed", "transducer/pruned:2/sample-wise+floor:0.01"),
                methods(
                        HEAD + "--methods packed --loss transducer --band pruned:2 --schedule sample-wise"
                                + " --occupancy-floor 0.01",
                        "results"));
        assertEquals(List.of("aligned:1,2"), methods(HEAD + "--band aligned:1,2 --provider scalar", "results"));
    }

    /** One class and one line, {@code org.transducer4j.toy.ToyBand}: it has a word everywhere. */
    @Test
    void aBandFromOutsideIsChosenByItsWord() throws IOException {
        assertEquals(List.of("diagonal"), methods(PLAN + "--band diagonal", "methods"));
        assertEquals(
                List.of("diagonal:3", "transducer/diagonal/packed"),
                methods(HEAD + "--methods diagonal:3 --loss transducer --band diagonal --schedule packed", "results"));
        assertBad(cli(PLAN + "--band narrow"), "aligned", "pruned[:S]", "diagonal[:WIDTH]");
        assertBad(cli(PLAN + "--loss narrow"), "diagonal[:WIDTH]");
    }

    @ParameterizedTest
    @ValueSource(strings = {HEAD, PLAN})
    void whatMakesNoSenseIsOneLine(String command) {
        assertBad(cli(command + "--loss fast"), "there is no loss \"fast\"", "transducer", "split:N", "pruned[:S]");
        assertBad(cli(command + "--loss ctc"), "there is no loss \"ctc\"");
        assertBad(cli(command + "--methods ctc"), "there is no loss \"ctc\"");
        assertBad(cli(command + "--loss ctc --band pruned"), "band full");
        assertBad(cli(command + "--loss transducer+0.2*transducer"), "named twice");
        assertBad(cli(command + "--loss transducer+nan*ctc"), "nan");
        assertBad(cli(command + "--band narrow"), "there is no band \"narrow\"", "aligned", "pruned");
        assertBad(cli(command + "--schedule split:0"), "split", "0");
        assertBad(cli(command + "--schedule diagonal"), "\"diagonal\" is no schedule", "sample-wise");
        assertBad(cli(command + "--loss packed --schedule tiled"), "packed", "tiled");
        assertBad(cli(command + "--band pruned --occupancy-floor 1"), "[0, 1)");
        assertBad(
                cli(command + "--loss transducer+0.2*toy --band narrow --schedule slow --occupancy-floor -1"),
                "\"toy\"",
                "\"narrow\"",
                "\"slow\"",
                "-1.0");
        assertBad(cli(command + "--methods tiled,3"), "\"tiled,3\"");
    }

    @Test
    void aPlansTableOfAllHasItsOwnNumbers() {
        assertBad(cli(PLAN + "--band pruned --prune-range 3"), "--prune-range", "pruned:S");
        assertBad(cli(PLAN + "--methods split:4 --split 3"), "--split", "split:N");
        assertTrue(cli(PLAN + "--prune-range 3 --split 2").out().contains("\nsplit:2 "));
    }

    @Test
    void casesAreVerifiedByThem() throws IOException {
        Path cases = Path.of("../bench/src/test/resources/org/transducer4j/bench/joint/tanh");
        String verify = "verify --provider scalar --vectors " + cases + " ";
        Cli plain = cli(verify);
        assertEquals(0, plain.exitCode(), plain.err());
        for (String flags : List.of(
                "--loss transducer --band full --schedule packed",
                "--loss split:2",
                "--schedule all",
                "--loss tiled+floor",
                "--occupancy-floor 1e-6")) {
            Cli cli = cli(verify + flags);
            assertEquals(0, cli.exitCode(), flags + " " + cli.err() + cli.out());
            assertEquals(
                    flags.contains("all") ? 5 : 1,
                    cli.out().lines().filter(line -> line.endsWith(" ok")).count(),
                    cli.out());
        }
        assertTrue(cli(verify + "--loss split:2").out().contains(" split:2 "));
        assertEquals(1, cli(verify + "--occupancy-floor 0.9").exitCode(), "a gradient that leaves nearly all out");
        assertBad(cli(verify + "--band aligned"), "want band full, got aligned");
        assertBad(cli(verify + "--loss ctc"), "there is no loss \"ctc\"");
        assertBad(cli(verify + "--schedule diagonal"), "is no schedule");
        assertBad(cli(verify + "--loss packed --schedule all"), "packed", "all");
    }

    @Test
    void unknownProvidersAreNamedWithTheList() {
        String list = "there is no kernel provider \"gpu\"; there are ";
        assertBad(cli(HEAD + "--provider gpu"), list, "reference", "scalar", "simd");
        Cli verify =
                cli("verify --provider gpu --vectors ../bench/src/test/resources/org/transducer4j/bench/joint/tanh");
        assertBad(verify, list, "reference", "scalar", "simd");
        assertFalse(verify.out().contains("case"), "nothing is begun");
    }

    @Test
    void trainingsAreCheckedBeforeTheyBegin() {
        String training = "bench training --train nowhere --valid nowhere --out " + folder.resolve("o") + " ";
        assertBad(cli(training + "--band aligned"), "aligned needs a model");
        assertBad(cli(training + "--methods tiled --band narrow"), "there is no band \"narrow\"");
        assertBad(cli(training + "--methods tiled --loss tiled"), "each method is trained once");
        assertBad(cli(training + "--loss fast"), "fast", "tiled");
        assertBad(cli(training + "--loss tiled --occupancy-floor 2"), "[0, 1)", "2.0");
        assertBad(cli(training + "--occupancy-floor 2"), "[0, 1)", "2.0");
        assertBad(cli(training + "--loss transducer"), "nowhere");
        assertFalse(Files.exists(folder.resolve("o/tiled")));
    }
}
