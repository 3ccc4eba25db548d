package org.transducer4j.bench.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.MethodPlan;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.speech.BadInputException;

class HeadBenchTest {
    private static final HeadSize SIZE = new HeadSize(30, 16);
    private static final MemoryBudget BUDGET = new MemoryBudget(16 << 20);

    @TempDir
    Path folder;

    private static HeadTask task(String method, List<List<Lengths>> batches) {
        return new HeadTask(
                HeadTask.shape(batches, SIZE),
                SIZE,
                batches,
                method,
                2,
                1e-6,
                BUDGET,
                new HeadTask.Repetitions(1, 0, 3),
                new Draw(1),
                null);
    }

    private static HeadOptions options(@Nullable Path lengths, int firstBatch, int lastBatch, String... methods) {
        return new HeadOptions(
                List.of(HeadShape.parse("2,20,5,30,16")),
                lengths,
                firstBatch,
                lastBatch,
                List.of(methods),
                1,
                1,
                1e-6,
                BUDGET,
                new Draw(1),
                null);
    }

    private static void assertBad(Executable call, String... parts) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, call).getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void batchesOfDifferentSizesAreMeasured() {
        List<List<Lengths>> batches = List.of(
                List.of(new Lengths(20, 5), new Lengths(12, 0)),
                List.of(new Lengths(25, 3), new Lengths(9, 4), new Lengths(1, 2)));
        HeadTask batched = task("batched", batches);
        assertEquals("3,25,5,30,16", batched.shape());
        HeadMeasurement measured = HeadBench.measure(batched);
        assertEquals("batched", measured.method());
        assertEquals(2 * 20 * 6 + 3 * 25 * 5, measured.nodes());
        List<MethodPlan> plans = batched.plans(Long.MAX_VALUE, Double.NaN);
        assertEquals(
                measured.nodes(), plans.stream().mapToLong(MethodPlan::nodes).sum());
        assertTrue(
                measured.scratchBytes()
                        >= plans.stream()
                                .mapToLong(MethodPlan::scratchBytes)
                                .max()
                                .orElseThrow(),
                measured.toString());
        assertTrue(measured.seconds().min() > 0, measured.toString());
        assertTrue(
                measured.seconds().min() <= measured.seconds().median()
                        && measured.seconds().median() <= measured.seconds().max(),
                measured.toString());
        assertTrue(measured.executedGflops() > 0 && measured.peakGflops() > 0, measured.toString());
    }

    @Test
    void prunedComputesFewerNodes() {
        HeadMeasurement measured = HeadBench.measure(task("pruned:2", List.of(List.of(new Lengths(20, 5)))));
        assertEquals(20 * 2, measured.nodes());
        assertEquals(20 * 2, measured.nodesBackward());
    }

    /** To the byte, that of the simple joiner included, where the nodes don't depend on data. */
    @Test
    void plansSayWhatIsMeasured() {
        HeadSize size = new HeadSize(50, 24);
        List<List<Lengths>> batches = List.of(new HeadShape(8, 60, 12, size).draw(1));
        for (String method : List.of(
                "batched", "split:4", "packed", "sample-wise", "tiled", "tiled+floor", "aligned:5", "pruned:3")) {
            HeadTask task = new HeadTask(
                    HeadTask.shape(batches, size),
                    size,
                    batches,
                    method,
                    1,
                    1e-6,
                    BUDGET,
                    new HeadTask.Repetitions(0, 0, 1),
                    new Draw(1),
                    null);
            long planned = task.plans(Long.MAX_VALUE, Double.NaN).getFirst().scratchBytes();
            boolean pruned = task.how().simpleJoiner();
            try (Arena arena = Arena.ofShared();
                    HeadStep step = new HeadStep(task.how(), task.lossOptions(1))) {
                HeadInputs inputs = new HeadInputs(arena, size, batches, pruned, new Draw(1));
                long measured =
                        step.run(inputs.joint, inputs.batches.getFirst()).peakScratchBytes();
                assertEquals(measured, planned, pruned ? 0.02 * measured : 0, method);
            }
        }
    }

    @Test
    void aProcessThatFailsSaysWhy() {
        HeadTask task = task("tiled", List.of(List.of(new Lengths(20, 5))));
        HeadTask tooSmall = new HeadTask(
                task.shape(),
                SIZE,
                task.batches(),
                "sample-wise",
                1,
                0,
                new MemoryBudget(1),
                task.repetitions(),
                new Draw(1),
                null);
        assertBad(() -> HeadBench.measure(tooSmall), "sample-wise at 1,20,5,30,16", "budget");
    }

    /** It has no JIT compilers whose end could be waited for. */
    @Test
    void aJvmThatOnlyInterpretsMeasuresToo() {
        HeadMeasurement measured = HeadBench.measureWith("-Xint", task("tiled", List.of(List.of(new Lengths(4, 1)))));
        assertEquals(4 * 2, measured.nodes());
    }

    /** Before its JVM is asked for a heap of that size. */
    @Test
    void whatDoesntFitIsRefused() {
        List<Lengths> batch = List.of(new Lengths(100, 20), new Lengths(90, 15));
        HeadSize large = new HeadSize(500_000, 100_000);
        HeadTask task = new HeadTask(
                HeadTask.shape(List.of(batch), large),
                large,
                List.of(batch),
                "packed",
                1,
                0,
                BUDGET,
                new HeadTask.Repetitions(0, 0, 1),
                new Draw(1),
                null);
        assertBad(
                () -> task.checkFits(1L << 34),
                "packed at 2,100,20,500000,100000",
                "of 16.0 GiB",
                "V or H must be smaller",
                "372.5 GiB");
        assertBad(() -> task("tiled", List.of(batch)).checkFits(1 << 16), "tiled at 2,100,20,30,16", "of 64.0 KiB");
        task("tiled", List.of(batch)).checkFits(1L << 30);
    }

    /** Bands, schedules and floors go together as they like; one without data of its own is computed over the planned nodes. */
    @Test
    void methodsAreMeasuredByTheirParts() {
        List<List<Lengths>> batches = List.of(List.of(new Lengths(20, 5), new Lengths(12, 3)));
        for (String word : List.of("transducer/pruned:2/packed", "transducer/aligned:1,2/sample-wise+floor:0.3")) {
            HeadTask task = task(word, batches);
            HeadMeasurement measured = HeadBench.measure(task);
            assertEquals(word, measured.method());
            assertEquals(task.plans(Long.MAX_VALUE, Double.NaN).getFirst().nodes(), measured.nodes(), word);
            assertEquals(word.contains("floor"), measured.nodesBackward() < measured.nodes(), word);
        }
        assertEquals(
                20 * 2 + 12 * 2,
                HeadBench.measure(task("transducer/pruned:2/packed", batches)).nodes());
        assertBad(() -> task("ctc", batches), "there is no loss \"ctc\"; there are: transducer");
        assertBad(() -> task("transducer+0.2*toy/narrow", batches), "\"toy\"", "\"narrow\"");
    }

    @Test
    void aProviderIsMeasuredByItsName() {
        HeadTask task = task("tiled", List.of(List.of(new Lengths(6, 2))));
        HeadTask named = new HeadTask(
                task.shape(),
                SIZE,
                task.batches(),
                task.method(),
                1,
                0,
                BUDGET,
                task.repetitions(),
                new Draw(1),
                "reference");
        HeadMeasurement measured = HeadBench.measure(named);
        assertEquals(6 * 3, measured.nodes());
        assertEquals(0, measured.peakGflops(), "textbook loops have no product in cache");
        assertBad(
                () -> new HeadOptions(
                        List.of(HeadShape.parse("2,20,5,30,16")),
                        null,
                        0,
                        0,
                        List.of("tiled"),
                        1,
                        1,
                        0,
                        BUDGET,
                        new Draw(1),
                        "gpu"),
                "there is no kernel provider \"gpu\"",
                "reference");
    }

    @Test
    void optionsAreChecked() throws IOException {
        assertBad(() -> options(null, 0, 0, "fast"), "fast", "no loss", "split:N", "pruned[:S]");
        assertBad(() -> options(null, 0, 0, "pruned:1"), "prune range");
        assertBad(() -> options(null, 0, 0), "no method");
        assertBad(() -> options(null, 0, 0, "tiled", "packed", "tiled"), "once", "tiled,packed,tiled");
        assertBad(() -> options(null, 3, 1, "tiled"), "3-1");
        assertBad(() -> HeadShape.parse("2,20,5,30"), "B,T,U,V,H");
        Path noText = Files.write(folder.resolve("shapes.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertTrue(assertThrows(BadInputException.class, () -> HeadShape.parseAll(noText.toString()))
                .getMessage()
                .equals(noText + ": isn't UTF-8 text"));
        assertBad(() -> HeadShape.parse("0,20,5,30,16"), "B >= 1");
        assertBad(() -> HeadShape.parse("2,20,5,1,16"), "2 symbols");
        assertBad(() -> HeadShape.parse("99999999,20,5,9,16"), "B <= 100000");
        assertBad(() -> new Draw(1, Double.NaN), "weight scale");
        assertBad(() -> NamedMethod.parse("tiled+floor", 2), "[0, 1)", "2.0");
        assertBad(() -> task("tiled", List.of()), "no utterance");
        assertBad(() -> new HeadTask.Repetitions(0, 0, 0), "repetitions");
        Path csv = folder.resolve("lengths.csv");
        Files.writeString(csv, "T,U\n20,5\n12,3\n9,1\n");
        assertEquals(1, options(csv, 0, 0, "tiled").tasks().size());
        assertEquals(
                List.of(List.of(new Lengths(20, 5), new Lengths(12, 3))),
                options(csv, 0, 0, "tiled").tasks().getFirst().batches());
        assertBad(() -> options(csv, 0, 1, "tiled").tasks(), "3 rows", "no batch 1");
    }
}
