package org.transducer4j.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.asr.fixture.ToneModel;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.loss.LogitsLoss;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.lattice.Topology;

/** docs/library.md: its programs, its pom.xml and its commands, in projects outside ours. */
@EnabledOnOs(OS.LINUX)
class LibraryIT {
    private static final Path ROOT = Path.of("..");

    /** Four threads compute by one loss until one of them is refused; what isn't refused must be right. */
    private static final String TWO_AT_ONCE = """
            package example;

            import java.lang.foreign.MemorySegment;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.atomic.AtomicInteger;
            import org.transducer4j.loss.*;
            import org.transducer4j.loss.input.*;

            public class TwoAtOnce {
                public static void main(String[] args) throws Exception {
                    var logits = MemorySegment.ofArray(new float[200 * 41 * 100]);
                    var batch = LogitsBatch.padded(logits, 200, 40, 100, new int[] {200}, new int[][] {{1, 2}});
                    try (var loss = LogitsLoss.open(LossOptions.defaults()); var threads = Executors.newFixedThreadPool(4)) {
                        double expected = loss.compute(batch).loss(0);
                        var refused = new AtomicInteger();
                        Callable<Boolean> caller = () -> {
                            boolean right = true;
                            for (int i = 0; i < 1000 && refused.get() == 0; i++) {
                                try {
                                    right &= loss.compute(batch).loss(0) == expected;
                                } catch (IllegalStateException e) {
                                    refused.incrementAndGet();
                                }
                            }
                            return right;
                        };
                        for (var right : threads.invokeAll(Collections.nCopies(4, caller))) {
                            if (!right.get()) throw new AssertionError("wrong");
                        }
                        System.out.println(refused.get() > 0 ? "refused" : "nobody was refused");
                    }
                }
            }
            """;

    /** Four threads recognise two sounds by one recogniser, again and again. */
    private static final String FOUR_THREADS = """
            package example;

            import java.nio.file.Path;
            import java.util.*;
            import java.util.concurrent.*;
            import org.transducer4j.asr.search.Recognizer;

            public class FourThreads {
                public static void main(String[] args) throws Exception {
                    try (var recognizer = Recognizer.open(Path.of(args[0])); var threads = Executors.newFixedThreadPool(4)) {
                        List<Callable<String>> calls = new ArrayList<>();
                        for (int i = 0; i < 60; i++) {
                            Path sound = Path.of(args[1 + i % 2]);
                            calls.add(() -> recognizer.recognize(sound).text());
                        }
                        var texts = new ArrayList<String>();
                        for (var text : threads.invokeAll(calls)) texts.add(text.get());
                        System.out.println(new TreeSet<>(texts.subList(0, 2)).equals(new TreeSet<>(texts)));
                        System.out.println(texts.get(0) + ", " + texts.get(1));
                    }
                }
            }
            """;

    @TempDir
    static Path folder;

    private static Page page;
    private static Stranger stranger;

    @BeforeAll
    static void settle() throws IOException {
        page = new Page(ROOT.resolve("docs/library.md"));
        stranger = new Stranger(ROOT, Path.of("target/outside"));
    }

    /** Makes and compiles a project, as the page says. */
    private static Path project(String program, String artifact, boolean modules, Map<String, String> more)
            throws IOException, InterruptedException {
        Map<String, String> sources = new HashMap<>(more);
        sources.put("example/" + program + ".java", page.program(program));
        if (modules) {
            String info = page.block("java", text -> text.startsWith("module "));
            assertTrue(info.contains("requires org.transducer4j.loss;"), info);
            sources.put("module-info.java", info.replace("transducer4j.loss", "transducer4j." + artifact));
        }
        String pom = page.block("xml", _ -> true);
        assertTrue(pom.contains("<artifactId>transducer4j-loss</artifactId>"), pom);
        Path project = stranger.project(
                program + (modules ? "-modules" : "-classes"),
                pom.replace("transducer4j-loss", "transducer4j-" + artifact),
                sources);
        stranger.run(project, page.command(line -> line.startsWith("mvn ")));
        return project;
    }

    /** The page's command that runs a program. */
    private static String command(String program, boolean modules) {
        return page.command(line ->
                line.startsWith("java ") && line.contains(" -m ") == modules && line.contains("example." + program));
    }

    private static String run(Path project, String line) throws IOException, InterruptedException {
        Stranger.Said said = stranger.run(project, line);
        List<String> warnings = said.err()
                .lines()
                .filter(text -> text.contains("WARNING") && !text.contains("incubator"))
                .toList();
        assertEquals(List.of(), warnings);
        assertFalse(said.err().contains("kernel provider"), said.err());
        return said.out();
    }

    @Test
    void programsAreShort() {
        Map<String, Integer> limits = Map.of("RandomLogits", 24, "TrainTwoLayers", 48, "SoundToText", 16);
        limits.forEach((program, most) -> {
            long lines = page.program(program).lines().count();
            assertTrue(lines <= most, program + " has " + lines + " lines");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lossesAndGradientsOfRandomLogits(boolean modules) throws Exception {
        Path project = project("RandomLogits", "loss", modules, Map.of("example/TwoAtOnce.java", TWO_AT_ONCE));
        String command = command("RandomLogits", modules);
        float[] logits = new float[2 * 50 * 4 * 30];
        Random random = new Random(1);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian();
        }
        int[][] labels = {{7, 2, 19}, {5, 5}};
        MemorySegment segment = MemorySegment.ofArray(logits);
        LogitsBatch batch = LogitsBatch.padded(segment, 50, 3, 30, new int[] {50, 40}, labels);
        try (LogitsLoss loss = LogitsLoss.open(LossOptions.defaults().withProvider("reference"))) {
            LossResult result = loss.compute(batch);
            String expected =
                    "losses %.3f and %.3f, first gradient -?0\\.\\d+\\R".formatted(result.loss(0), result.loss(1));
            String said = run(project, command);
            assertTrue(said.matches(expected), said + expected);
        }
        assertEquals("refused\n", run(project, command.replace("RandomLogits", "TwoAtOnce")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoLinearLayersLearn(boolean modules) throws Exception {
        Path project = project("TrainTwoLayers", "torch", modules, Map.of());
        List<String> lines =
                run(project, command("TrainTwoLayers", modules)).lines().toList();
        assertEquals(20, lines.size());
        double first = Double.parseDouble(lines.getFirst().replaceAll("step 1: loss ([0-9.]+),.*", "$1"));
        double last = Double.parseDouble(lines.getLast().replaceAll("step 20: loss ([0-9.]+),.*", "$1"));
        assertTrue(first > 5 && last < 0.5, lines.toString());
    }

    @Test
    void aSoundFileIsRecognised() throws Exception {
        Path model = ToneModel.train(folder, Topology.REGULAR);
        Path sound = folder.resolve("valid-0.wav");
        Path other = sound;
        String text;
        String otherText;
        try (Recognizer recognizer = Recognizer.open(model)) {
            text = recognizer.recognize(sound).text();
            otherText = text;
            for (int i = 1; otherText.equals(text); i++) {
                other = folder.resolve("valid-" + i + ".wav");
                otherText = recognizer.recognize(other).text();
            }
        }
        assertFalse(text.isBlank());
        for (boolean modules : new boolean[] {false, true}) {
            Path project = project("SoundToText", "asr", modules, Map.of("example/FourThreads.java", FOUR_THREADS));
            String command = command("SoundToText", modules).replace("MODEL", model.toString());
            assertEquals(text + "\n", run(project, command.replace("SOUND", sound.toString())));
            assertEquals(
                    "true\n" + text + ", " + otherText + "\n",
                    run(project, command.replace("SoundToText", "FourThreads").replace("SOUND", sound + " " + other)));
        }
    }
}
