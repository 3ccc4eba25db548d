package org.transducer4j.bench.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.bench.Origin;
import org.transducer4j.bench.head.Draw;
import org.transducer4j.bench.head.HeadBench;
import org.transducer4j.bench.head.HeadMeasurement;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.MethodPlan;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PapersTest {
    private static final double RATE = 1e9;
    private static final Origin ORIGIN = new Origin("t4j bench papers", "0");
    private static final Papers.Listener SILENT = new Papers.Listener() {
        @Override
        public void estimating(HeadSize size) {}

        @Override
        public void progress(String what, int done, int of, double secondsLeft) {}

        @Override
        public void finished(PapersTable table) {}
    };

    private static final PapersGrid GRID = new PapersGrid(
            new HeadSize(30, 16),
            3,
            90,
            1,
            2,
            List.of("batched", "tiled", "aligned:10", "pruned:5"),
            new HeadSize(40, 24),
            List.of(1, 4, 16),
            List.of(1, 2),
            4,
            2,
            List.of(2, 5),
            List.of(2, 10));

    @TempDir
    static Path folder;

    private static HeadMeasurement real;
    private static Path lengths;

    @BeforeAll
    static void measureOnce() throws IOException {
        List<List<Lengths>> batch = List.of(List.of(new Lengths(20, 5)));
        real = HeadBench.measure(new HeadTask(
                "1,20,5,30,16",
                new HeadSize(30, 16),
                batch,
                "tiled",
                1,
                0,
                new MemoryBudget(16 << 20),
                new HeadTask.Repetitions(0, 0, 1),
                new Draw(1),
                null));
        StringBuilder rows = new StringBuilder("T,U\n");
        for (int i = 0; i < 12; i++) {
            rows.append(20 + 7 * i % 30).append(',').append(3 + i % 4).append('\n');
        }
        lengths = Files.writeString(folder.resolve("lengths.csv"), rows);
    }

    /** A machine whose speed is known: what real processes say is tested elsewhere. */
    private static final class Steady implements Papers.Measurer {
        private final List<HeadTask> tasks = new ArrayList<>();
        private int killAt = Integer.MAX_VALUE;
        private @Nullable String failing;

        @Override
        public HeadMeasurement measure(HeadTask task) {
            if (tasks.size() == killAt) {
                throw new IllegalStateException("killed");
            }
            if (task.method().equals(failing)) {
                throw new IllegalArgumentException(task.method() + " failed: out of memory");
            }
            tasks.add(task);
            List<MethodPlan> plans = task.plans(Long.MAX_VALUE, RATE);
            double seconds =
                    plans.stream().mapToDouble(MethodPlan::seconds).average().orElseThrow();
            ObjectNode node = new JsonMapper().valueToTree(real);
            node.putObject("seconds").put("median", seconds).put("min", seconds).put("max", seconds);
            node.put(
                    "scratchBytes",
                    plans.stream().mapToLong(MethodPlan::scratchBytes).max().orElseThrow());
            return new JsonMapper().treeToValue(node, HeadMeasurement.class);
        }

        @Override
        public double operationsPerSecond(HeadSize size, int threads) {
            return RATE;
        }
    }

    private static PapersOptions options(String name, String tables, double cellSeconds, long deviceBytes, long seed) {
        return new PapersOptions(
                folder.resolve(name),
                List.of(tables.split(",")),
                lengths,
                GRID,
                1,
                new HeadTask.Repetitions(0, 0, 1),
                cellSeconds,
                new MemoryBudget(16 << 20),
                deviceBytes,
                false,
                seed);
    }

    private static PapersOptions options(String name, String tables) {
        return options(name, tables, 1e3, 1L << 30, 1);
    }

    private static PapersResult run(PapersOptions options, Papers.Measurer measurer) {
        return Papers.run(options, ORIGIN, measurer, SILENT);
    }

    private static PapersTable table(PapersResult result, String id) {
        return result.tables().stream()
                .filter(table -> table.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static PapersRow row(PapersTable table, String method, @Nullable Double x) {
        return table.rows().stream()
                .filter(row -> row.isOf(method, x))
                .findFirst()
                .orElseThrow();
    }

    private static void assertBad(Executable call, String... parts) {
        String message =
                String.valueOf(assertThrows(RuntimeException.class, call).getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void aSmallRunIsMeasured() throws IOException {
        PapersOptions options = options("small", "c");
        List<String> heard = new ArrayList<>();
        PapersResult result = Papers.run(options, ORIGIN, new Papers.Listener() {
            @Override
            public void estimating(HeadSize size) {
                heard.add("V=" + size.vocabulary());
            }

            @Override
            public void progress(String what, int done, int of, double secondsLeft) {
                assertTrue(secondsLeft > 0, what);
                heard.add(what + " " + done + " of " + of);
            }

            @Override
            public void finished(PapersTable table) {
                heard.add(table.id());
            }
        });
        assertEquals(
                List.of(
                        "V=40",
                        "c tiled 0 of 3",
                        "c pruned at prune range S=2 1 of 3",
                        "c pruned at prune range S=5 2 of 3",
                        "c"),
                heard);
        PapersTable table = table(result, "c");
        assertEquals(3, table.rows().size());
        for (PapersRow row : table.rows()) {
            assertEquals(Mark.MEASURED, row.mark(), row.toString());
            assertNotNull(row.seconds(), row.toString());
            assertTrue(row.seconds().median() > 0, row.toString());
            assertEquals(4, row.measuredUtterances());
        }
        assertEquals(4L * 50 * 7, row(table, "tiled", null).nodes());
        assertEquals(4L * 50 * 2, row(table, "pruned", 2.0).nodes());
        String json = Files.readString(options.out().resolve("papers.json"));
        for (String part : new String[] {
            "\"command\" : \"t4j bench papers\"", "\"machine\"", "\"jdk\"", "\"version\"", "\"mark\" : \"measured\""
        }) {
            assertTrue(json.contains(part), json);
        }
        List<String> csv = Files.readAllLines(options.out().resolve("papers.csv"));
        assertEquals(4, csv.size());
        assertTrue(csv.getFirst().startsWith("table,name,x_name,x,method,mark,seconds_median,"), csv.getFirst());
        assertTrue(csv.get(2).startsWith("c,\"(c) pruned against exact, 4 utterances"), csv.get(2));
        assertTrue(csv.get(2).contains(",prune range S,2.00000,pruned,measured,"), csv.get(2));
        List<String> text = PapersText.lines(table);
        assertTrue(text.get(1).startsWith("method    prune range S"), String.join("\n", text));
        assertTrue(text.getLast().startsWith("~"), String.join("\n", text));
    }

    @Test
    void everyTableHasItsRows() {
        PapersResult result = run(options("all", "d,c,b,a"), new Steady());
        assertEquals(
                List.of("a-3", "a-sorted", "b-1s", "b-2s", "c", "d"),
                result.tables().stream().map(PapersTable::id).toList());
        PapersTable thirty = table(result, "a-3");
        assertTrue(thirty.note().contains("lengths.csv (12 utterances"), thirty.note());
        assertEquals(4 + Published.ALL.size(), thirty.rows().size());
        PapersRow published = row(thirty, "optimized_transducer (V100)", null);
        assertEquals(Mark.PUBLISHED, published.mark());
        assertNotNull(published.seconds());
        assertEquals(0.376954, published.seconds().median(), 1e-12);
        assertNotNull(published.totalBytes());
        assertEquals(7495.9 * 1048576, published.totalBytes(), 1);
        assertEquals(6, table(result, "b-1s").rows().size());
        assertEquals(3, table(result, "d").rows().size());
    }

    @Test
    void longCellsAreExtrapolatedByOperations() {
        // 50 frames, 7 positions, 6 V H operations a node.
        double one = 50 * 7 * 6.0 * 40 * 24 / RATE;
        Steady steady = new Steady();
        PapersTable table = table(run(options("long", "b", 5.5 * one, 1L << 30, 1), steady), "b-2s");
        PapersRow whole = row(table, "batched", 4.0);
        assertEquals(Mark.MEASURED, whole.mark());
        assertEquals("", whole.note());
        PapersRow part = row(table, "batched", 16.0);
        assertEquals(Mark.EXTRAPOLATED, part.mark());
        assertEquals(5, part.measuredUtterances());
        assertEquals(16, part.utterances());
        assertEquals("extrapolated from 5 of 16 utterances", part.note());
        assertNotNull(part.seconds());
        assertEquals(16 * one, part.seconds().median(), 1e-12);
        assertNull(part.peakRssBytes());
        // Its memory is that of the whole.
        assertNotNull(part.totalBytes());
        assertNotNull(whole.totalBytes());
        assertTrue(part.totalBytes() > 2 * whole.totalBytes(), part.toString());
        assertTrue(
                steady.tasks.stream()
                        .map(task -> task.batches().getFirst())
                        .filter(batch -> batch.getFirst().frames() == 50)
                        .allMatch(batch -> batch.size() <= 5),
                "more utterances than the measured ones were made");
    }

    @Test
    void batchesAreASubsetToo() {
        double all = row(table(run(options("batches", "a"), new Steady()), "a-3"), "tiled", null)
                        .operations()
                / RATE;
        PapersTable few = table(run(options("batches few", "a", 0.4 * all, 1L << 30, 1), new Steady()), "a-3");
        PapersRow tiled = row(few, "tiled", null);
        assertEquals(Mark.EXTRAPOLATED, tiled.mark());
        assertEquals("extrapolated from 2 of 3 utterances of one batch", tiled.note());
        assertNotNull(tiled.seconds());
        // A step is the mean over both batches.
        assertEquals(all / 2, tiled.seconds().median(), 1e-12);
        PapersTable more = table(run(options("batches more", "a", 0.9 * all, 1L << 30, 1), new Steady()), "a-3");
        assertEquals(
                "extrapolated from 1 of 2 batches", row(more, "tiled", null).note());
    }

    @Test
    void whatDoesntFitIsMarkedAndNotRun() {
        Steady steady = new Steady();
        PapersTable table = table(run(options("tight", "b", 1e3, 700_000, 1), steady), "b-2s");
        PapersRow large = row(table, "batched", 16.0);
        assertEquals(Mark.DOES_NOT_FIT, large.mark());
        assertNull(large.seconds());
        assertNotNull(large.totalBytes());
        assertTrue(large.totalBytes() > 700_000, large.toString());
        assertTrue(large.note().startsWith("would need "), large.note());
        assertTrue(steady.tasks.stream()
                .noneMatch(task -> task.method().equals("batched")
                        && task.batches().getFirst().size() == 16));
        assertTrue(String.join("\n", PapersText.lines(table)).contains("does not fit: would need"));
    }

    @Test
    void anInterruptedRunGoesOn() {
        Steady through = new Steady();
        PapersResult whole = run(options("whole", "b,c,d"), through);
        Steady cut = new Steady();
        cut.killAt = 5;
        assertThrows(IllegalStateException.class, () -> run(options("cut", "b,c,d"), cut));
        Steady rest = new Steady();
        PapersResult resumed = run(options("cut", "b,c,d"), rest);
        assertEquals(whole.tables(), resumed.tables());
        assertEquals(through.tasks.size(), cut.tasks.size() + rest.tasks.size());
        Steady nothing = new Steady();
        assertEquals(whole.tables(), run(options("cut", "b,c,d"), nothing).tables());
        assertEquals(0, nothing.tasks.size());
        // Tables that weren't asked for stay.
        PapersResult more = run(options("cut", "a"), nothing);
        assertEquals(whole.tables().size() + 2, more.tables().size());
    }

    @Test
    void aCellThatFailsIsMarkedAndTriedAgain() {
        Steady failing = new Steady();
        failing.failing = "aligned:2";
        PapersTable table = table(run(options("failing", "d"), failing), "d");
        PapersRow failed = row(table, "aligned", 2.0);
        assertEquals(Mark.FAILED, failed.mark());
        assertTrue(failed.note().contains("out of memory"), failed.note());
        assertEquals(Mark.MEASURED, row(table, "aligned", 10.0).mark());
        Steady again = new Steady();
        assertEquals(
                Mark.MEASURED,
                row(table(run(options("failing", "d"), again), "d"), "aligned", 2.0)
                        .mark());
        assertEquals(1, again.tasks.size());
    }

    @Test
    void otherSettingsAreRefused() throws IOException {
        run(options("first", "a,d"), new Steady());
        assertBad(
                () -> run(options("first", "d", 1e3, 1L << 30, 2), new Steady()),
                folder.resolve("first").toString(),
                "seed 1, this is 2",
                "--overwrite");
        assertBad(
                () -> run(options("first", "d", 7, 1L << 30, 1), new Steady()), "seconds of a cell 1000.0, this is 7");
        PapersOptions same = options("first", "a");
        Path longer = folder.resolve("longer.csv");
        Files.writeString(longer, Files.readString(lengths) + "30,2\n");
        PapersOptions other = new PapersOptions(
                same.out(),
                same.tables(),
                longer,
                same.grid(),
                1,
                same.repetitions(),
                same.cellSeconds(),
                same.memoryBudget(),
                same.deviceBytes(),
                false,
                1);
        assertBad(() -> run(other, new Steady()), "other lengths", "13 utterances");
        for (String text : new String[] {"{\"tables\": 3", "{}", "null", "{\"tables\": [{}]}", ""}) {
            Files.writeString(same.out().resolve("papers.json"), text);
            assertBad(() -> run(same, new Steady()), "papers.json", "isn't what t4j bench papers wrote");
        }
    }

    @Test
    void badOptionsAreNamed() throws IOException {
        assertBad(() -> options("x", "a,e"), "a,b,c,d", "a,e");
        assertBad(() -> options("x", ""), "a,b,c,d", "\"\"");
        assertBad(() -> options("x", "a", 0, 1, 1), "seconds of a cell", "0.0");
        assertBad(() -> options("x", "a", 1, 0, 1), "device memory");
        Path few = Files.writeString(folder.resolve("few.csv"), "T,U\n20,3\n");
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), "T,U\n20,3\n20;3\n");
        Path heading = Files.writeString(folder.resolve("heading.csv"), "20,3\n");
        assertBad(() -> run(withLengths(few), new Steady()), "table (a) needs 3");
        assertBad(() -> run(withLengths(wrong), new Steady()), wrong + ":3", "20;3");
        assertBad(() -> run(withLengths(heading), new Steady()), heading + ":1", "T,U");
        assertThrows(BadInputException.class, () -> run(withLengths(folder.resolve("none.csv")), new Steady()));
    }

    private static PapersOptions withLengths(Path csv) {
        PapersOptions base = options("bad", "a");
        return new PapersOptions(
                base.out(),
                base.tables(),
                csv,
                base.grid(),
                1,
                base.repetitions(),
                base.cellSeconds(),
                base.memoryBudget(),
                base.deviceBytes(),
                false,
                1);
    }

    @Test
    void drawnLengthsAreLikeLibriSpeechs() {
        List<Lengths> drawn = LibriSpeechLengths.draw(1);
        assertEquals(drawn, LibriSpeechLengths.draw(1));
        int[] frames = drawn.stream().mapToInt(Lengths::frames).sorted().toArray();
        assertEquals(343, frames[frames.length / 2], 5);
        assertEquals(416, frames[frames.length * 9 / 10], 5);
        double tokens = drawn.stream()
                .mapToDouble(l -> l.labels() / (double) l.frames())
                .average()
                .orElseThrow();
        assertEquals(0.215, tokens, 0.005);
        List<List<Lengths>> sorted = PublishedBatches.sorted(drawn, PapersGrid.WORKS);
        assertEquals(20, sorted.size());
        int before = Integer.MAX_VALUE;
        for (List<Lengths> batch : sorted) {
            int sum = batch.stream().mapToInt(Lengths::frames).sum();
            assertTrue(sum <= 10_000 && sum > 9_000, String.format(Locale.ROOT, "%d frames", sum));
            for (Lengths one : batch) {
                assertTrue(one.frames() <= before);
                before = one.frames();
            }
        }
        assertTrue(PublishedBatches.inOrder(drawn, PapersGrid.WORKS).stream().allMatch(batch -> batch.size() == 30));
    }
}
