package org.transducer4j.bench.papers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.head.Draw;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.loss.method.Method;

/**
 * A table before it is measured.
 *
 * @param id short, its letter first
 * @param name what it compares
 * @param x what its rows run over; null where they are methods only
 * @param note where its figures come from
 * @param cells to be measured
 * @param published rows behind them
 */
record PlannedTable(
        String id, String name, @Nullable String x, String note, List<Cell> cells, List<PapersRow> published) {
    private static final String EXACT = "tiled";
    private static final double FRAMES_PER_SECOND = 25;
    private static final double LABELS_PER_SECOND = 3;

    /** The tables that are asked for. */
    static List<PlannedTable> all(PapersOptions options, TableLengths lengths) {
        List<PlannedTable> tables = new ArrayList<>();
        for (String letter : options.tables()) {
            switch (letter) {
                case "a" -> tables.addAll(published(options, lengths));
                case "b" -> tables.addAll(growth(options));
                case "c" ->
                    tables.add(bands(
                            options, "c", "pruned against exact", "prune range S", "pruned:", grid -> grid.ranges()));
                default ->
                    tables.add(bands(
                            options,
                            "d",
                            "alignment-restricted against exact",
                            "buffer (frames to both sides)",
                            "aligned:",
                            grid -> grid.buffers()));
            }
        }
        return tables;
    }

    private static List<PlannedTable> published(PapersOptions options, TableLengths lengths) {
        PapersGrid grid = options.grid();
        String which = "batches %d to %d, V=%d H=%d"
                .formatted(
                        grid.firstBatch(),
                        grid.lastBatch(),
                        grid.published().vocabulary(),
                        grid.published().width());
        String note = "Lengths: " + lengths.source()
                + ". The published figures are PyTorch's on an NVIDIA V100, memory as allocated on the device.";
        return List.of(
                published(
                        options,
                        "a-" + grid.batch(),
                        "(a) published benchmark, %d utterances a batch, %s".formatted(grid.batch(), which),
                        note,
                        PublishedBatches.inOrder(lengths.all(), grid),
                        Published.ALL.stream().map(p -> p.row(p.thirty())).toList()),
                published(
                        options,
                        "a-sorted",
                        "(a) published benchmark, sorted, at most %,d frames a batch, %s"
                                .formatted(grid.maxFrames(), which),
                        note,
                        PublishedBatches.sorted(lengths.all(), grid),
                        Published.ALL.stream().map(p -> p.row(p.sorted())).toList()));
    }

    private static PlannedTable published(
            PapersOptions options,
            String id,
            String name,
            String note,
            List<List<Lengths>> batches,
            List<PapersRow> published) {
        List<Cell> cells = options.grid().methods().stream()
                .map(method -> cell(options, null, options.grid().published(), batches, method))
                .toList();
        return new PlannedTable(id, name, null, note, cells, published);
    }

    private static List<PlannedTable> growth(PapersOptions options) {
        PapersGrid grid = options.grid();
        List<PlannedTable> tables = new ArrayList<>();
        for (int seconds : grid.audio()) {
            List<Cell> cells = new ArrayList<>();
            for (int batch : grid.batches()) {
                for (String method : List.of("batched", "sample-wise")) {
                    cells.add(cell(options, (double) batch, grid.size(), batch(batch, seconds), method));
                }
            }
            tables.add(new PlannedTable(
                    "b-" + seconds + "s",
                    "(b) sample-wise against batched, " + sound(seconds, grid.size()),
                    "B",
                    "",
                    cells,
                    List.of()));
        }
        return tables;
    }

    private static PlannedTable bands(
            PapersOptions options, String id, String what, String x, String method, Sizes sizes) {
        PapersGrid grid = options.grid();
        List<List<Lengths>> batch = batch(grid.bandBatch(), grid.bandAudio());
        List<Cell> cells = new ArrayList<>();
        cells.add(cell(options, null, grid.size(), batch, EXACT));
        for (int size : sizes.of(grid)) {
            cells.add(cell(options, (double) size, grid.size(), batch, method + size));
        }
        return new PlannedTable(
                id,
                "(%s) %s, %d utterances of %s"
                        .formatted(id, what, grid.bandBatch(), sound(grid.bandAudio(), grid.size())),
                x,
                "",
                cells,
                List.of());
    }

    private interface Sizes {
        List<Integer> of(PapersGrid grid);
    }

    private static String sound(int seconds, HeadSize size) {
        Lengths lengths = lengths(seconds);
        return "%d s of sound (T=%d U=%d V=%d H=%d)"
                .formatted(seconds, lengths.frames(), lengths.labels(), size.vocabulary(), size.width());
    }

    private static List<List<Lengths>> batch(int utterances, int seconds) {
        return List.of(Collections.nCopies(utterances, lengths(seconds)));
    }

    private static Lengths lengths(int seconds) {
        return Lengths.of(seconds, 1 / FRAMES_PER_SECOND, LABELS_PER_SECOND);
    }

    private static Cell cell(
            PapersOptions options, @Nullable Double x, HeadSize size, List<List<Lengths>> batches, String method) {
        HeadTask task = new HeadTask(
                HeadTask.shape(batches, size),
                size,
                batches,
                method,
                options.threads(),
                Method.USUAL_FLOOR,
                options.memoryBudget(),
                options.repetitions(),
                new Draw(options.seed()),
                null);
        return Cell.of(x, task, options.deviceBytes());
    }

    /** The table with what is known of it. */
    PapersTable with(List<PapersRow> rows) {
        List<PapersRow> all = new ArrayList<>(rows);
        all.addAll(published);
        return new PapersTable(id, name, x, note, all);
    }
}
