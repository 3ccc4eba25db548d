package org.transducer4j.bench.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.loss.method.MemoryBudget;

class BatchPlanTest {
    private static final List<NamedMethod> METHODS = NamedMethod.usual(4, 10, 5);

    @TempDir
    Path folder;

    private static BatchPlan planner(String budget, String device, HeadSize size) {
        return new BatchPlan(
                size,
                new Limits(
                        MemoryBudget.parse(budget), MemoryBudget.parse(device).bytes(), 1e9));
    }

    private static NamedMethod method(String name) {
        return METHODS.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    }

    /** The worked example of the field: 32 utterances, 1000 frames, 100 labels, 1000 symbols. */
    @Test
    void theWorkedExample() {
        HeadSize size = new HeadSize(1000, 512);
        List<Lengths> batch = Collections.nCopies(32, new Lengths(1000, 100));
        MethodPlan batched = planner("64GiB", "64GiB", size).plan(method("batched"), batch);
        assertEquals(32L * 1000 * 101, batched.nodes());
        assertEquals(12_928_000_000.0, batched.scratch().logits(), 0.05 * 12_928_000_000.0);
        assertEquals(2 * 32 * 1000 * 512 * 4, batched.encoder());
        assertEquals(6.0 * batched.nodes() * 1000 * 512, batched.operations());
        assertEquals(batched.operations() / 1e9, batched.seconds());
        // There is the memory, but one array can't hold that many logits.
        assertTrue(batched.advice().getFirst().contains("more than an array holds"), batched.toString());
        MethodPlan tiled = planner("256MiB", "64GiB", size).plan(method("tiled"), batch);
        assertTrue(tiled.fits() && tiled.scratchBytes() <= 256 << 20, tiled.toString());
        assertTrue(tiled.operations() > batched.operations(), "logits are made twice");
        String explained = String.join("\n", PlanText.explain(batch, size, List.of(batched)));
        assertTrue(explained.contains("32 x 1,000 x 101 x 1,000 x 4 = 12,928,000,000 bytes (12.9 GB"), explained);
        assertTrue(explained.contains("32 x 1,000 x 100 x 1,000 x 4 = 12,800,000,000 bytes (12.8 GB"), explained);
    }

    @Test
    void prunedHoldsItsSimpleJoinerToo() {
        HeadSize size = new HeadSize(1000, 64);
        List<Lengths> batch = Collections.nCopies(4, new Lengths(500, 60));
        MethodPlan plan = planner("256MiB", "64GiB", size).plan(method("pruned"), batch);
        assertTrue(plan.simpleScratch().bytes() > 500L * 61 * 24, "at least edges, normalisers and forward scores");
        assertEquals(plan.scratch().bytes() + plan.simpleScratch().bytes(), plan.scratchBytes());
        assertEquals(4L * 500 * 61, plan.simpleNodes());
        assertEquals(6.0 * 1000 * (64 * plan.nodes() + plan.simpleNodes()), plan.operations());
        String explained = String.join("\n", PlanText.explain(batch, size, List.of(plan)));
        assertTrue(explained.contains("3 of 2 V for each of 122,000 nodes of the simple joiner"), explained);
        // A budget that the joint network keeps to in tiles, but not the simple joiner's lattice.
        MethodPlan refused = planner("2MiB", "64GiB", new HeadSize(1000, 8))
                .plan(method("pruned"), Collections.nCopies(4, new Lengths(2000, 60)));
        assertFalse(refused.fits());
        assertTrue(refused.advice().getFirst().contains("the simple joiner of utterance"), refused.toString());
    }

    @Test
    void whatDoesntFitSaysWhatWould() {
        HeadSize size = new HeadSize(1024, 640);
        Lengths lengths = Lengths.of(40, 0.04, 3);
        assertEquals(new Lengths(1000, 120), lengths);
        List<Lengths> batch = Collections.nCopies(1024, lengths);
        BatchPlan planner = planner("2GiB", "8GiB", size);
        for (NamedMethod method : METHODS) {
            MethodPlan plan = planner.plan(method, batch);
            assertEquals(plan.advice().isEmpty(), plan.fits(), plan.method());
            int most = planner.largest(method, lengths);
            assertEquals(plan.fits(), most >= 1024, plan.method() + " " + most + " " + plan.totalBytes());
            assertTrue(most == 0 || planner.plan(method, batch.subList(0, most)).fits(), plan.method());
            assertFalse(
                    most < BatchPlan.MOST
                            && planner.plan(method, batch.subList(0, most + 1)).fits(),
                    plan.method());
        }
        String advice = String.join("\n", PlanText.table(List.of(planner.plan(method("batched"), batch))));
        assertTrue(advice.contains("a batch of 4 utterances like the longest fits"), advice);
    }

    /** What the plan proposes is planned, and fits. */
    @Test
    void aBudgetThatFitsIsProposed() {
        List<Lengths> batch = Collections.nCopies(8, new Lengths(1000, 100));
        HeadSize size = new HeadSize(1024, 640);
        // Scratch that fills its budget leaves no room for the inputs; and a budget that is too small for one tile.
        for (Limits limits : List.of(
                new Limits(new MemoryBudget(256 << 20), 100 << 20, 1e9),
                new Limits(new MemoryBudget(2 << 20), 1L << 33, 1e9))) {
            String advice = new BatchPlan(size, limits)
                    .plan(method("tiled"), batch)
                    .advice()
                    .getLast();
            assertTrue(advice.startsWith("fits with a memory budget of "), advice);
            MemoryBudget proposed = MemoryBudget.parse(
                    advice.replaceFirst("fits with a memory budget of ", "").replaceFirst(",.*", ""));
            assertTrue(
                    new BatchPlan(size, new Limits(proposed, limits.deviceBytes(), 1e9))
                            .plan(method("tiled"), batch)
                            .fits(),
                    advice);
        }
        Limits small = new Limits(new MemoryBudget(16 << 20), 1L << 30, 1e9);
        String one = new BatchPlan(size, small)
                .plan(method("batched"), batch)
                .advice()
                .getLast();
        MemoryBudget alone = MemoryBudget.parse(
                one.replaceFirst("one utterance like the longest fits with a memory budget of ", ""));
        assertEquals(
                1,
                new BatchPlan(size, new Limits(alone, 1L << 30, 1e9)).largest(method("batched"), batch.getFirst()),
                one);
        Limits none = new Limits(new MemoryBudget(1 << 20), 1 << 20, 1e9);
        String layer =
                new BatchPlan(size, none).plan(method("tiled"), batch).advice().getLast();
        assertTrue(layer.contains("V or H must be smaller") && layer.contains("5.0 MiB"), layer);
        assertTrue(new BatchPlan(new HeadSize(20, 8), none)
                .plan(method("tiled"), Collections.nCopies(8, new Lengths(100_000, 100)))
                .advice()
                .getLast()
                .contains("not even one utterance"));
    }

    @Test
    void aManifestIsDescribed() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("{\"audio_filepath\": \"a.wav\", \"duration\": %s, \"text\": \"%s\"}%n"
                    .formatted(1 + i * 0.1, "one two ".repeat(1 + i / 10)));
        }
        Path manifest = Files.writeString(folder.resolve("m.jsonl"), lines);
        ManifestLengths lengths = ManifestLengths.read(manifest, "word", 0.04, 60, 1);
        assertEquals(100, lengths.all().size());
        assertEquals(5, lengths.vocabulary());
        assertEquals(100, lengths.batches().stream().mapToInt(List::size).sum());
        String text = String.join("\n", lengths.lines());
        // the least, the median, the 90th and 99th hundredth, the most: durations of 1, 6, 10, 10.9 and 10.9 s
        assertTrue(text.matches("(?s).*T, encoder frames +25 +150 +250 +273 +273 .*"), text);
        assertTrue(text.matches("(?s).*U, labels +2 +12 +20 +20 +20 .*"), text);
        List<Lengths> worst = BatchPlan.worst(lengths.batches(), 1).getFirst();
        long most = lengths.batches().stream()
                .mapToLong(batch -> batch.size()
                        * batch.stream().mapToLong(Lengths::frames).max().orElseThrow()
                        * (batch.stream().mapToLong(Lengths::labels).max().orElseThrow() + 1))
                .max()
                .orElseThrow();
        assertEquals(
                most,
                worst.size()
                        * worst.stream().mapToLong(Lengths::frames).max().orElseThrow()
                        * (worst.stream().mapToLong(Lengths::labels).max().orElseThrow() + 1));
    }

    @Test
    void timesAreRead() {
        assertEquals(0.04, Seconds.parse("40ms"), 1e-12);
        assertEquals(90, Seconds.parse("1.5 min"));
        assertEquals(40, Seconds.parse("40s"));
        for (String bad : List.of("40", "40 parsec", "-3s", "0s", "", "s", "1e3s")) {
            assertThrows(IllegalArgumentException.class, () -> Seconds.parse(bad), bad);
        }
    }
}
