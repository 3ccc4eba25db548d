package org.transducer4j.bench.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path directory;

    record Outcome(int exitCode, String out, String err) {}

    static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    static void assertRefused(String message, String... args) {
        Outcome outcome = run(args);
        assertEquals(new Outcome(2, outcome.out(), "t4j: " + message + " (see t4j bench kernels --help)\n"), outcome);
    }

    @Test
    void aRowAndJson() throws Exception {
        Path json = directory.resolve("a.json");
        Outcome outcome =
                run("--quick", "--include", "Element.*max", "--param", "provider=scalar", "--json", json.toString());
        assertEquals("", outcome.err());
        assertEquals(0, outcome.exitCode());
        String[] rows = outcome.out().split("\n");
        assertEquals(2, rows.length, outcome.out());
        assertTrue(rows[1].matches("ElementBenchmark.max +provider=scalar +[0-9.]+ +[0-9.]+ +ns/op"), rows[1]);
        assertTrue(Files.readString(json).contains("\"org.transducer4j.bench.kernels.cpu.ElementBenchmark.max\""));
        assertFalse(Files.exists(directory.resolve("a.json.part")));
    }

    @Test
    void badInputIsOneMessage() {
        assertRefused("--include: \"Latt(ice\" is no regular expression: Unclosed group", "--include", "Latt(ice");
        assertRefused("no benchmark's name has a match of \"lettuce\"", "--include", "lettuce");
        assertRefused("--param is NAME=VALUE[,...], not \"simd\"", "--param", "simd");
        assertRefused(
                "--param: provider is one of simd, scalar, not \"cobol\"",
                "--include",
                "Element",
                "--param",
                "provider=cobol");
        assertRefused(
                "--param: there is no parameter \"threads\" but provider",
                "--include",
                "Element",
                "--param",
                "threads=1");
        assertRefused("--json: nowhere/a.json can't be written", "--json", "nowhere/a.json");
        assertRefused("Unknown option: '--foo'", "--foo");
    }

    @Test
    @Tag("large")
    void allBenchmarksRun() {
        Outcome outcome = run("--quick");
        assertEquals("", outcome.err());
        assertEquals(0, outcome.exitCode());
    }
}
