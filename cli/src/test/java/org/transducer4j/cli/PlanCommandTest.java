package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.transducer4j.cli.MainTest.assertBad;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
    @TempDir
    Path folder;

    private static Cli plan(String line) {
        Object[] words = ("plan --gflops 100 " + line).split(" ");
        return Cli.run(words);
    }

    @Test
    void everyMethodHasALine() {
        Cli cli = plan("--batch 8 --audio 10s --vocab 500 --joint 256 --device-memory 1GiB --explain");
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(cli.out().contains("B=8 T=250 U=30 V=500 H=256"), cli.out());
        for (String method :
                new String[] {"batched", "split:4", "packed", "sample-wise", "tiled", "aligned ~", "pruned ~"}) {
            assertTrue(cli.out().contains("\n" + method), cli.out());
        }
        assertTrue(cli.out().contains("8 x 250 x 31 x 500 x 4 = 124,000,000 bytes (124.0 MB"), cli.out());
    }

    @Test
    void lengthsMayVaryAsInBenchHead() {
        Cli even = plan("--batch 8 --frames 100 --labels 20 --vocab 500 --joint 256");
        Cli varied = plan("--batch 8 --frames 100 --labels 20 --vocab 500 --joint 256 --varied");
        assertTrue(even.out().matches("(?s).*packed +16,800 .*"), even.out());
        assertTrue(varied.out().matches("(?s).*packed +1[0-4],\\d{3} .*"), varied.out());
        assertTrue(varied.out().matches("(?s).*batched +16,800 .*"), varied.out());
    }

    @Test
    void theResultIsWrittenAsJson() throws IOException {
        Path json = folder.resolve("plan.json");
        Cli cli = plan("--batch 2 --frames 50 --labels 7 --vocab 30 --joint 16 --json " + json);
        assertEquals(0, cli.exitCode(), cli.err());
        String text = Files.readString(json);
        assertTrue(text.contains("\"sample-wise\"") && text.contains("\"scratchBytes\""), text);
    }

    @Test
    void theJsonFileIsTriedFirst() {
        String line = "--batch 2 --frames 50 --labels 7 --vocab 30 --joint 16 --json ";
        for (String file : new String[] {folder.resolve("none/plan.json").toString(), folder.toString()}) {
            Cli cli = plan(line + file);
            assertBad(cli, file);
            assertEquals("", cli.out());
        }
        // A folder that anybody may write to by its permissions, and that takes no files.
        assumeTrue(Files.isDirectory(Path.of("/proc")), "no /proc on this system: not tried");
        Cli cli = plan(line + "/proc/plan.json");
        assertBad(cli, "/proc/plan.json");
        assertEquals("", cli.out());
    }

    @Test
    void theSpeedIsMeasuredUnlessGiven() {
        Cli cli = Cli.run("plan", "--batch", 1, "--frames", 9, "--labels", 2, "--vocab", 9, "--joint", 8);
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(cli.out().matches("(?s).*\\d+ GFLOP/s measured on \\d+ threads.*"), cli.out());
    }

    @Test
    void badInputIsOneLine() throws IOException {
        String size = " --vocab 9 --joint 8";
        assertBad(plan("--batch 2 --audio 40parsec" + size), "40parsec", "40s");
        assertBad(plan("--batch 2 --audio 0s" + size), "above 0");
        assertBad(plan("--batch 2 --audio 4s --frame 40" + size), "\"40\"", "ms");
        assertBad(plan("--batch 0 --audio 4s" + size), "--batch", "0");
        assertBad(plan("--batch -1 --audio 4s" + size), "-1");
        assertBad(plan("--batch 2 --frames 0 --labels 3" + size), "1 frame");
        assertBad(plan("--batch 2 --frames 3 --labels -3" + size), "-3");
        assertBad(plan("--batch 2 --frames 3" + size), "--labels");
        assertBad(plan("--batch 2" + size), "how long");
        assertBad(plan("--batch 2 --audio 4s --frames 3" + size), "either");
        assertBad(plan("--batch 2 --audio 4s --labels-per-second -1" + size), "labels-per-second");
        assertBad(plan("--batch 2 --audio 4s --vocab 1 --joint 8"), "2 symbols");
        assertBad(plan("--batch 2 --audio 4s --vocab 9 --joint 0"), "width", "0");
        assertBad(plan("--batch 2 --audio 4s --joint 8"), "--vocab");
        assertBad(plan("--batch 2 --audio 4s --budget 1lightyear" + size), "1lightyear");
        assertBad(plan("--batch 2 --audio 4s --budget 0MiB" + size), "1 byte");
        assertBad(plan("--batch 2 --audio 4s --device-memory 0" + size), "1 byte");
        Object[] speed = ("plan --batch 2 --audio 4s --gflops -1" + size).split(" ");
        assertBad(Cli.run(speed), "-1");
        for (String wrong : new String[] {"NaN", "Infinity", "0"}) {
            Object[] words = ("plan --batch 2 --audio 4s --gflops " + wrong + size).split(" ");
            assertBad(Cli.run(words), "--gflops", wrong);
        }
        assertBad(plan("--batch 2 --audio 4s --threads 0" + size), "--threads", "0");
        assertBad(plan("--batch 2 --audio 4s --threads 1025" + size), "--threads", "1024", "1025");
        assertBad(plan("--batch 2 --audio 4s --prune-range 1" + size), "prune range");
        assertBad(plan("--batch 2 --audio 4s --buffer -1" + size), "-1");
        assertBad(plan("--batch 2 --audio 4s --split 0" + size), "split");
        assertBad(plan("--manifest nowhere.jsonl --tokens word --joint 8"), "nowhere.jsonl");
        assertBad(plan("--manifest nowhere.jsonl --joint 8"), "--tokens");
        assertBad(plan("--manifest nowhere.jsonl --tokens word --batch 3 --joint 8"), "--batch");
        Path manifest =
                Files.writeString(folder.resolve("m.jsonl"), "{\"audio_filepath\": \"a.wav\", \"text\": \"one\"}\n");
        assertBad(plan("--manifest " + manifest + " --tokens word --joint 8"), manifest + ":1", "duration");
        Files.writeString(manifest, "{\"audio_filepath\": \"a.wav\", \"duration\": 1e9, \"text\": \"one two\"}\n");
        assertBad(plan("--manifest " + manifest + " --tokens word --joint 8"), manifest + ":1", "2.500e+10 frames");
        Files.writeString(manifest, "{\"audio_filepath\": \"a.wav\", \"duration\": 1, \"text\": \"one two\"}\n");
        assertBad(plan("--manifest " + manifest + " --tokens word --joint 8 --vocab 4"), "--vocab", "5", "4");
    }

    /** Sizes that nobody has are refused, or planned without making arrays of that size. */
    @Test
    void sizesBeyondAllMeasure() {
        String size = " --vocab 1024 --joint 640";
        assertBad(plan("--batch 2147483647 --audio 40s" + size), "--batch", "100000", "2147483647");
        assertBad(plan("--batch 8 --frames 2147483647 --labels 9" + size), "1000000", "2147483647");
        assertBad(plan("--batch 8 --frames 9 --labels 2147483647" + size), "1000000", "2147483647");
        assertBad(plan("--batch 8 --audio 99999999999999s" + size), "2.500e+15 frames", "1000000");
        assertBad(plan("--batch 8 --audio 40s --vocab 2147483647 --joint 640"), "10000000", "2147483647");
        assertBad(plan("--batch 8 --audio 40s --vocab 640 --joint 2147483647"), "10000000", "2147483647");
        assertBad(
                plan("--batch 100000 --frames 1000000 --labels 1000000 --vocab 10000000 --joint 640"),
                "B=100000",
                "more memory than can be counted");
        assertBad(plan("--batch 1000 --frames 1000000 --labels 9 --vocab 9 --joint 8 --varied"), "50000000");
        assertBad(plan("--batch 8 --audio 40s --device-memory 99999999999GiB" + size), "99999999999GiB");
        Cli large = plan("--batch 100 --frames 1000000 --labels 1000 --vocab 1000000 --joint 1000000");
        assertEquals(0, large.exitCode(), large.err());
        assertTrue(large.out().contains("encoder outputs 727.6 TiB"), large.out());
    }

    @Test
    void aManifestIsPlanned() throws IOException {
        Path manifest = Files.writeString(
                folder.resolve("m.jsonl"),
                "{\"audio_filepath\": \"a.wav\", \"duration\": 2.0, \"text\": \"one two\"}\n".repeat(20));
        Cli cli = plan("--manifest " + manifest + " --tokens char --joint 64 --max-duration 10s");
        assertEquals(0, cli.exitCode(), cli.err());
        assertTrue(cli.out().contains("20 utterances"), cli.out());
        assertTrue(cli.out().contains("B=2 T=50 U=7"), cli.out());
        assertTrue(cli.out().contains("largest batch"), cli.out());
    }
}
