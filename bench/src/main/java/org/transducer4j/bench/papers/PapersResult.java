package org.transducer4j.bench.papers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * All that was measured, as {@code papers.json} has it.
 *
 * @param title of the page
 * @param command that wrote it last
 * @param machine processor, memory, system
 * @param jdk its version
 * @param version of this program
 * @param settings what the figures depend on
 * @param tables in their order
 */
public record PapersResult(
        String title,
        String command,
        String machine,
        String jdk,
        String version,
        Settings settings,
        List<PapersTable> tables) {
    /** Checks that nothing is missing, as may be in a file. */
    public PapersResult {
        Stream.of(title, command, machine, jdk, version, settings, tables).forEach(Objects::requireNonNull);
    }

    /** What must agree for a run to go on from these results, by name. */
    Map<String, String> conditions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("threads", "" + settings.threads());
        all.put("repetitions", "" + settings.reps());
        all.put("seconds of a cell", "" + settings.cellSeconds());
        all.put("warm-up", settings.warmUpRuns() + " runs, " + settings.warmUpSeconds() + " s");
        all.put("memory budget", "" + new MemoryBudget(settings.memoryBudget()));
        all.put("device memory", settings.deviceBytes() + " bytes");
        all.put("seed", "" + settings.seed());
        all.put("grid", "" + settings.grid());
        all.put("machine", machine);
        all.put("JDK", jdk);
        all.put("version", version);
        return all;
    }

    /**
     * What the figures depend on, beside machine, JDK and version.
     *
     * @param threads of the loss
     * @param warmUpRuns batches at least before a measurement
     * @param warmUpSeconds time at least before a measurement
     * @param reps repetitions
     * @param cellSeconds a longer cell is extrapolated
     * @param memoryBudget bytes of sample-wise and those in tiles
     * @param deviceBytes memory for all
     * @param seed of what is random
     * @param grid what the tables run over
     */
    public record Settings(
            int threads,
            int warmUpRuns,
            double warmUpSeconds,
            int reps,
            double cellSeconds,
            long memoryBudget,
            long deviceBytes,
            long seed,
            PapersGrid grid) {
        /** Checks that nothing is missing, as may be in a file. */
        public Settings {
            Objects.requireNonNull(grid);
        }
    }
}
