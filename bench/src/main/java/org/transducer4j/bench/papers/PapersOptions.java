package org.transducer4j.bench.papers;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.Machine;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * What to measure and where it goes.
 *
 * @param out folder of the results; a run that was interrupted goes on from there
 * @param tables letters of the tables: a, b, c, d
 * @param lengths a file of rows T,U for table (a), or null to draw lengths like LibriSpeech's
 * @param grid what the tables run over
 * @param threads of the loss
 * @param repetitions of each cell
 * @param cellSeconds a cell whose repetition is expected to take longer is measured on some of its utterances
 * @param memoryBudget of sample-wise and those in tiles; the others hold what they need
 * @param deviceBytes memory for inputs, gradients and scratch; what needs more isn't run
 * @param overwrite whether earlier results in the folder are dropped
 * @param seed of lengths, inputs and weights
 */
public record PapersOptions(
        Path out,
        List<String> tables,
        @Nullable Path lengths,
        PapersGrid grid,
        int threads,
        HeadTask.Repetitions repetitions,
        double cellSeconds,
        MemoryBudget memoryBudget,
        long deviceBytes,
        boolean overwrite,
        long seed) {
    /** Letters of all tables. */
    public static final List<String> ALL = List.of("a", "b", "c", "d");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public PapersOptions {
        require(
                !tables.isEmpty() && ALL.containsAll(tables),
                "tables are some of a,b,c,d, not \"" + String.join(",", tables) + "\"");
        LossOptions.defaults().withThreads(threads); // checks
        require(
                cellSeconds > 0 && Double.isFinite(cellSeconds),
                "the seconds of a cell must be above 0, not " + cellSeconds);
        require(deviceBytes >= 1, "the device memory must be 1 byte or more, not " + deviceBytes);
        tables = ALL.stream().filter(tables::contains).toList();
    }

    /**
     * All tables as the works have them, with this machine's processors and memory: 3 repetitions, 20 s for each.
     *
     * @param out folder of the results
     * @param quick 1 repetition, 2 s: a few minutes in all
     * @return the options
     */
    public static PapersOptions of(Path out, boolean quick) {
        return new PapersOptions(
                out,
                ALL,
                null,
                PapersGrid.WORKS,
                Runtime.getRuntime().availableProcessors(),
                quick ? new HeadTask.Repetitions(1, 2, 1) : new HeadTask.Repetitions(2, 3, 3),
                quick ? 2 : 20,
                LossOptions.defaults().memoryBudget(),
                Machine.memoryBytes(),
                false,
                1);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
