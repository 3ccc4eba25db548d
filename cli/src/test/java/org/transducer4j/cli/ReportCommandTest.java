package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.asr.fixture.ToneModel;
import org.transducer4j.loss.lattice.Topology;

class ReportCommandTest {
    @TempDir
    static Path folder;

    private static Path training;

    @BeforeAll
    static void trainOnce() throws IOException {
        training = ToneModel.train(folder, Topology.REGULAR);
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void aTrainingAndAnUtteranceBecomeOnePage() throws IOException {
        List<String> before = files();
        Path page = folder.resolve("utterance.html");
        Cli cli = Cli.run(
                "report", training, "--utterance", "valid-2", "--out", page, "--buffer", 3, "--prune-range", "3");
        assertEquals(0, cli.exitCode(), cli.err());
        assertEquals(page + System.lineSeparator(), cli.out());
        String html = Files.readString(page);
        for (String part : new String[] {
            "Utterance valid-2",
            "recognised: ",
            "Waveform",
            "Spectrogram",
            "aligned: path ± 3 frames",
            "pruned: ",
            "black: 1e-6 or less",
            "Word error rate",
            "Learning rate"
        }) {
            assertTrue(html.contains(part), part);
        }
        assertFalse(html.contains("NaN"), "a number that is none");
        Files.delete(page);
        assertEquals(before, files(), "nothing but the page was made");
    }

    @Test
    void whatCantBeShownIsNamedAndLeavesNothing() throws IOException {
        List<String> before = files();
        MainTest.assertBad(Cli.run("report", training, "--utterance", "nobody"), "nobody", "valid-0");
        MainTest.assertBad(Cli.run("report", training, "--manifest", "m.jsonl"), "--utterance");
        MainTest.assertBad(Cli.run("report", training, "--utterance", "valid-2", "--out", folder), "is a folder");
        MainTest.assertBad(
                Cli.run("report", training, "--utterance", "valid-2", "--buffer", "-1"), "buffer", "0 frames or more");
        assertEquals(before, files());
    }
}
