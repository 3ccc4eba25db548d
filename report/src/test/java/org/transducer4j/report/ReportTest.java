package org.transducer4j.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.node.ObjectNode;

class ReportTest {
    @TempDir
    static Path folder;

    private static Path training;
    private static Path measurements;

    @BeforeAll
    static void folders() throws IOException {
        training = Files.createDirectory(folder.resolve("training"));
        StringBuilder metrics = new StringBuilder();
        for (int step = 1; step <= 40; step++) {
            metrics.append(String.format(
                    Locale.ROOT,
                    "{\"type\": \"step\", \"step\": %d, \"loss\": %s, \"learning_rate\": 0.005, \"gradient_norm\": %s}\n",
                    step,
                    20.0 / step,
                    3.0 / step));
            if (step % 20 == 0) {
                metrics.append(String.format(
                        Locale.ROOT,
                        "{\"type\": \"epoch\", \"epoch\": %d, \"steps\": %d, \"loss\": 2.5, \"valid_loss\": 2.25, \"wer\": %s,"
                                + " \"process_peak_bytes\": 300000000, \"loss_peak_bytes\": 1000000, \"audio_per_second\": 55.5,"
                                + " \"skipped\": 0, \"seconds\": 75.0}\n",
                        step / 20,
                        step,
                        100.0 / step));
            }
        }
        Files.writeString(training.resolve("metrics.jsonl"), metrics);
        Files.writeString(training.resolve("config.json"), "{\"seed\": 7}");
        measurements = Files.createDirectory(folder.resolve("measurements"));
        StringBuilder growth = new StringBuilder();
        for (int b = 1; b <= 256; b *= 4) {
            growth.append(String.format(
                    Locale.ROOT,
                    "%s{\"method\":\"batched\",\"x\":%d,\"seconds\":%s,\"scratchBytes\":%d},"
                            + "{\"method\":\"tiled\",\"x\":%d,\"seconds\":%s,\"scratchBytes\":%d}",
                    b == 1 ? "" : ",",
                    b,
                    0.02 * b,
                    b * 40_000_000L,
                    b,
                    0.015 * b,
                    50_000_000));
        }
        Files.writeString(measurements.resolve("head.json"), """
                {"title": "The training head", "command": "t4j bench <head>", "machine": "a machine", "tables": [
                 {"name": "S1", "rows": [
                  {"method": "batched", "seconds": {"median": 0.5, "min": 0.4, "max": 0.6}, "scratchBytes": 209715200, "peakRssBytes": 409715200},
                  {"method": "tiled", "seconds": {"median": 0.1, "min": 0.1, "max": 0.2}, "scratchBytes": 20971520, "note": "extrapolated from 4"},
                  {"method": "pruned", "seconds": 0.05, "scratchBytes": 1048576, "exact": false}]},
                 {"name": "growth", "x": "B", "rows": [%s]}]}
                """.formatted(growth));
    }

    private static Path page(ReportOptions options) {
        Report.write(options);
        return options.out();
    }

    /** Of a folder of {@code t4j bench papers}, shortened: every mark, its longest notes, and a cell that failed. */
    private static Path papersPage() throws IOException {
        Path papers = Files.createDirectories(folder.resolve("papers"));
        try (InputStream in = Objects.requireNonNull(ReportTest.class.getResourceAsStream("papers.json"))) {
            Files.write(papers.resolve("papers.json"), in.readAllBytes());
        }
        return page(ReportOptions.of(papers));
    }

    private static Path utterancePage() throws IOException {
        Path file = MadeUpUtterance.write(folder, "valid-2.json", MadeUpUtterance.of(folder));
        return page(new ReportOptions(training, folder.resolve("utterance.html"), file, 3, 3));
    }

    @Test
    void aTrainingAndAnUtteranceBecomeOnePage() throws IOException {
        String html = Files.readString(utterancePage());
        for (String part : new String[] {
            "Utterance valid-2",
            "said: low mid high",
            "recognised: low &lt;mid&gt; high",
            ">high</b>",
            ">(start)</span>",
            "Waveform",
            "Spectrogram",
            "Occupancy",
            "aligned: path ± 3 frames",
            "pruned: 3 positions a frame",
            "black: 1e-6 or less",
            "Word error rate",
            "Learning rate",
            "Memory"
        }) {
            assertTrue(html.contains(part), part);
        }
        assertFalse(html.contains("http"), "an address");
        assertFalse(html.contains("NaN"), "a number that is none");
        assertFalse(html.contains("<script"), "a script");
    }

    @Test
    void measurementsBecomeBarsAndCurves() throws IOException {
        String html = Files.readString(page(ReportOptions.of(measurements)));
        assertTrue(html.contains("t4j bench &lt;head&gt;"), html);
        assertTrue(html.contains("extrapolated from 4"), html);
        assertTrue(html.contains("200 MiB") && html.contains("100 ms"), html);
        assertTrue(html.contains(">16</span>") && html.contains(">64</span>") && html.contains(">256</span>"), html);
        // Two measures as bars and as curves, and the process's memory, which only one row has, as bars.
        assertEquals(5, html.split("<figure").length - 1);
        assertEquals(4, html.split("class=\"line ").length - 1);
    }

    @Test
    void marksAreShown() throws IOException {
        Path marked = Files.createDirectory(folder.resolve("marked"));
        Files.writeString(marked.resolve("papers.json"), """
                {"tables": [
                 {"name": "modes", "note": "Lengths: drawn", "rows": [
                  {"method": "tiled", "mark": "measured", "seconds": {"median": 0.25}, "totalBytes": 3145728, "note": ""},
                  {"method": "torch", "mark": "published", "seconds": {"median": 0.5}, "totalBytes": 6291456, "note": "published"}]},
                 {"name": "growth", "x": "B", "rows": [
                  {"method": "exact", "mark": "measured", "seconds": {"median": 2}, "totalBytes": 9437184, "note": ""},
                  {"method": "batched", "x": 1, "mark": "measured", "seconds": {"median": 1}, "totalBytes": 1048576, "note": ""},
                  {"method": "batched", "x": 4, "mark": "extrapolated", "seconds": {"median": 4}, "totalBytes": 4194304, "note": "extrapolated from 2 of 4"},
                  {"method": "batched", "x": 16, "mark": "does not fit", "totalBytes": 16777216, "note": "would need 16 MiB; 4 fit"}]}]}
                """);
        String html = Files.readString(page(ReportOptions.of(marked)));
        assertEquals(4, html.split("<figure").length - 1);
        assertTrue(html.contains("Memory in all") && html.contains("<p>Lengths: drawn</p>"), html);
        assertEquals(2, html.split("<i class=\"c3\" style").length - 1, html);
        // Extrapolated: time and memory; what doesn't fit has a memory only.
        assertEquals(3, html.split("dot open c2").length - 1, html);
        assertTrue(html.contains("batched: 4 s at 4 (extrapolated from 2 of 4)"), html);
        assertTrue(html.contains("(does not fit: would need 16 MiB; 4 fit)"), html);
        assertEquals(4, html.split("class=\"line ").length - 1, html);
        assertFalse(html.contains("NaN"), html);
    }

    @Test
    void allTablesOfTheWorksAreShown() throws IOException {
        String html = Files.readString(papersPage());
        for (String part : new String[] {
            "(a) published benchmark, 30 utterances",
            "warp-rnnt (V100)",
            "(b) sample-wise against batched, 40 s of sound",
            "(c) pruned against exact",
            "extrapolated from",
            "does not fit: would need",
            "failed: pruned:30 at 16,500,60,1024,640"
        }) {
            assertTrue(html.contains(part), part);
        }
        assertTrue(html.contains("<td>1024</td>"), html);
        assertFalse(html.contains("NaN") || html.contains("null"), "a number that is none");
    }

    @Test
    void resultsOfShapesBecomeTables() throws IOException {
        Path head = Files.createDirectory(folder.resolve("head"));
        Files.writeString(head.resolve("head.json"), """
                {"results": [
                 {"shape": "8,100,20,500,256", "method": "tiled", "seconds": {"median": 0.25}, "scratchBytes": 3145728},
                 {"shape": "8,100,20,500,256", "method": "packed", "seconds": {"median": 0.5}, "scratchBytes": 6291456},
                 {"shape": "4,400,80,4096,640", "method": "tiled", "seconds": {"median": 4}, "scratchBytes": 9437184}]}
                """);
        String html = Files.readString(page(ReportOptions.of(head)));
        assertEquals(4, html.split("<figure").length - 1);
        assertTrue(html.contains("8,100,20,500,256") && html.contains("250 ms") && html.contains("6 MiB"), html);
    }

    @Test
    void aBrowserShowsThem() throws IOException {
        assumeTrue(Browser.isInstalled(), "chromium and chromedriver aren't installed: pages aren't looked at");
        try (Browser browser = new Browser(folder.resolve("profile"))) {
            for (Path page : new Path[] {utterancePage(), page(ReportOptions.of(measurements)), papersPage()}) {
                for (int width : new int[] {390, 1280}) {
                    for (boolean dark : new boolean[] {false, true}) {
                        look(browser, page, width, dark);
                    }
                }
            }
        }
    }

    private static void look(Browser browser, Path page, int width, boolean dark) throws IOException {
        String where = folder.relativize(page) + " at " + width + (dark ? " dark" : " light");
        browser.open(page, width, dark);
        assertEquals(0, browser.console().size(), where);
        assertEquals(width, browser.run("return innerWidth").asInt(), where);
        assertEquals(
                0,
                browser.run("const e = document.documentElement; return e.scrollWidth - e.clientWidth")
                        .asInt(),
                where + ": wider than the screen");
        assertEquals(
                0,
                browser.run(
                                "return performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length")
                        .asInt(),
                where);
        assertTrue(browser.run("""
                        const small = [...document.querySelectorAll('body *')].filter(e =>
                            [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
                            && parseFloat(getComputedStyle(e).fontSize) < 12);
                        return small.length""").asInt() == 0, where + ": small print");
        // Figures fill their card, and no text has the page's colour.
        assertTrue(
                browser.run(
                                        "return Math.min(...[...document.querySelectorAll('svg')].map(e => e.getBoundingClientRect().width))")
                                .asDouble()
                        > width * 0.2,
                where);
        // Bars can be compared: they begin and may end at the same place, and long notes don't take their room.
        assertTrue(browser.run("""
                        const narrow = [...document.querySelectorAll('figure')].filter(figure => {
                            const bars = [...figure.querySelectorAll('.bar > div')].map(e => e.getBoundingClientRect().width);
                            return bars.length && (Math.min(...bars) < 60 || Math.max(...bars) - Math.min(...bars) > 1)});
                        return narrow.length""").asInt() == 0, where + ": bars");
        String background = browser.run("return getComputedStyle(document.body).backgroundColor")
                .asString();
        assertEquals(dark ? "rgb(17, 21, 27)" : "rgb(246, 247, 249)", background, where);
    }

    @Test
    void whatCantBeShownIsNamed() throws IOException {
        assertBad(ReportOptions.of(folder.resolve("nowhere")), "no such folder");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertBad(ReportOptions.of(empty), "no folder of t4j train");
        assertFalse(Files.exists(empty.resolve("report.html")));
        assertBad(
                new ReportOptions(measurements, folder.resolve("x.html"), folder.resolve("no.json"), 5, 5),
                "measurements");
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.writeString(broken.resolve("metrics.jsonl"), "{\"type\": \"step\"}\n{\"type\":\n");
        assertBad(ReportOptions.of(broken), "metrics.jsonl: has no training step", "1 of its lines");
        // Damaged: what can be read is shown, and how much can't.
        Files.writeString(
                broken.resolve("metrics.jsonl"),
                "\0\0\0{\"type\": \"step\", \"step\": 1}\n[\n{\"type\": \"step\", \"step\": 2, \"loss\": 3.5}\n",
                StandardCharsets.ISO_8859_1);
        String damaged = Files.readString(page(ReportOptions.of(broken)));
        assertTrue(damaged.contains("3.5 at 2") && damaged.contains("<dt>unreadable lines</dt><dd>2</dd>"), damaged);
        Files.delete(broken.resolve("report.html"));
        // Still being written: what is whole is shown, here a point.
        Files.writeString(
                broken.resolve("metrics.jsonl"),
                "{\"type\": \"step\", \"step\": 1, \"loss\": 2.5, \"learning_rate\": 0.001}\n{\"type\": \"st");
        String begun = Files.readString(page(ReportOptions.of(broken)));
        assertTrue(begun.contains("training, with augmentation: 2.5 at 1") && begun.contains("class=\"dot"), begun);
        Files.delete(broken.resolve("report.html"));
        Files.writeString(broken.resolve("metrics.jsonl"), "");
        assertBad(ReportOptions.of(broken), "no training step");
        Path wrong = Files.createDirectory(folder.resolve("wrong"));
        Files.writeString(wrong.resolve("a.json"), "{\"tables\": [{\"rows\": [{}]}]}");
        assertBad(ReportOptions.of(wrong), "a.json", "table 1", "method");
        Files.writeString(wrong.resolve("a.json"), "{\"results\": []}");
        assertBad(ReportOptions.of(wrong), "no folder of t4j train");
        Files.writeString(wrong.resolve("a.json"), "{\"results\": [{\"method\": \"tiled\", \"seconds\": \"long\"}]}");
        assertBad(ReportOptions.of(wrong), "a.json", "table 1", "no row has a measurement");
        for (String number : new String[] {"-1", "1e400"}) {
            Files.writeString(
                    wrong.resolve("a.json"), "{\"results\": [{\"method\": \"tiled\", \"seconds\": " + number + "}]}");
            assertBad(ReportOptions.of(wrong), "a.json", "table 1", "time of tiled", "0 or more");
        }
        Files.writeString(wrong.resolve("a.json"), "{");
        String message = assertBad(ReportOptions.of(wrong), "a.json", "isn't valid JSON");
        assertFalse(message.contains("REDACTED"), message);
        assertFalse(Files.exists(folder.resolve("x.html")));
    }

    @Test
    void whatAnUtteranceLacksIsNamed() throws IOException {
        assertBadUtterance(utterance -> utterance.put("format", "transducer4j utterance 2"), "want format");
        assertBadUtterance(utterance -> utterance.remove("id"), "\"id\"");
        assertBadUtterance(utterance -> utterance.remove("path"), "\"path.frames\"");
        assertBadUtterance(utterance -> utterance.withArray("labels").add("more"), "4 labels", "frames for 3");
        assertBadUtterance(
                utterance -> utterance.withObject("path").withArray("frames").remove(0), "3 labels", "2");
        assertBadUtterance(
                utterance -> utterance.withObject("path").withArray("frames").set(2, 20), "frame 20", "20 frames");
        assertBadUtterance(utterance -> utterance.withObject("features").put("bins", 15), "1200 values", "5120 bytes");
        assertBadUtterance(utterance -> utterance.withObject("sound").put("path", "nowhere.wav"), "nowhere.wav");
        assertBadUtterance(utterance -> utterance.put("topology", "round"), "topology", "round");
        assertBadUtterance(
                utterance -> utterance
                        .withArray("words")
                        .addObject()
                        .put("text", "w")
                        .put("from", 3)
                        .put("to", 4),
                "word \"w\"",
                "[3, 4) of 3");
    }

    private static void assertBadUtterance(Consumer<ObjectNode> change, String... parts) throws IOException {
        ObjectNode utterance = MadeUpUtterance.of(folder);
        change.accept(utterance);
        Path file = MadeUpUtterance.write(folder, "changed.json", utterance);
        assertBad(new ReportOptions(training, folder.resolve("x.html"), file, 5, 5), parts);
        assertFalse(Files.exists(folder.resolve("x.html")));
    }

    private static String assertBad(ReportOptions options, String... parts) {
        String message = assertThrows(BadInputException.class, () -> Report.write(options))
                .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        return message;
    }
}
