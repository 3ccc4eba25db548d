package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Signals, in processes of their own. */
class InterruptionTest {
    @TempDir
    Path directory;

    private Path manifest;
    private Path model;

    @BeforeEach
    void corpus() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "no /bin/kill here");
        model = directory.resolve("model");
        AudioFiles.writeWav(directory.resolve("a.wav"), new Audio(new float[4000], 8000));
        manifest = Files.writeString(directory.resolve("m.jsonl"), """
                {"id": "a", "audio_filepath": "a.wav", "duration": 0.5, "text": "one two"}
                {"id": "b", "audio_filepath": "a.wav", "duration": 0.5, "text": "two"}
                """);
    }

    private ProcessBuilder t4j(String... more) {
        String path = System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", "")
                + ":target/classes";
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path,
                "org.transducer4j.cli.Main"));
        command.addAll(List.of(more));
        return new ProcessBuilder(command);
    }

    private Process train(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--train",
                manifest.toString(),
                "--valid",
                manifest.toString(),
                "--out",
                model.toString(),
                "--epochs",
                "100000",
                "--encoder-width",
                "8",
                "--channels",
                "2",
                "--encoder-layers",
                "1",
                "--threads",
                "1"));
        arguments.addAll(List.of(more));
        return t4j(arguments.toArray(String[]::new)).start();
    }

    private static void kill(String signal, Process process) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("/bin/kill", "-" + signal, "" + process.pid())
                        .start()
                        .waitFor());
    }

    /** What a signal leaves behind: the exit code and the line. */
    private static String ended(Process process, int exitCode) throws IOException, InterruptedException {
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
        assertEquals(exitCode, process.exitValue(), said);
        List<String> lines =
                said.lines().filter(line -> line.startsWith("t4j: ended by ")).toList();
        assertEquals(1, lines.size(), said);
        assertFalse(said.contains("\tat "), said);
        return lines.getFirst();
    }

    private int steps() throws IOException {
        int steps = 0;
        for (String line : Files.readAllLines(model.resolve("metrics.jsonl"))) {
            JsonNode node = JsonMapper.shared().readTree(line);
            steps = Math.max(steps, node.path("step").asInt(0));
        }
        return steps;
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aTrainingEndsWithItsStateOnTheDisk(String signal, int exitCode) throws IOException, InterruptedException {
        Process process = train();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            while (!out.readLine().startsWith("epoch 3/")) {
                // it is on its way
            }
            kill(signal, process);
            out.lines().forEach(_ -> {});
        }
        String line = ended(process, exitCode);
        int steps = steps();
        assertTrue(steps >= 3);
        assertEquals(
                "t4j: ended by SIG" + signal + ": the best model so far is " + model.resolve("best.safetensors")
                        + "; batch " + steps + " was the last one; the same command with --resume goes on",
                line);
        Cli resumed = Cli.run(
                "train",
                "--train",
                manifest,
                "--valid",
                manifest,
                "--out",
                model,
                "--resume",
                "--max-steps",
                steps + 1);
        assertEquals(0, resumed.exitCode(), resumed.err());
        assertTrue(resumed.out().contains("resumed after batch " + steps), resumed.out());
    }

    @Test
    void startUpKnowsTheCodesToo() throws IOException, InterruptedException {
        for (Map.Entry<String, Integer> signal : Map.of("TERM", 143, "INT", 130).entrySet()) {
            for (int millis : new int[] {0, 100, 200, 400}) {
                Process process = train("--overwrite");
                Thread.sleep(millis);
                kill(signal.getKey(), process);
                process.getInputStream().readAllBytes();
                String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(signal.getValue(), process.waitFor(), millis + " ms: " + said);
            }
        }
    }
}
