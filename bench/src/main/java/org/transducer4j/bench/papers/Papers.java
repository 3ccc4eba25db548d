package org.transducer4j.bench.papers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.Machine;
import org.transducer4j.bench.Origin;
import org.transducer4j.bench.head.HeadBench;
import org.transducer4j.bench.head.HeadMeasurement;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.plan.HeadSize;
import org.transducer4j.bench.plan.MethodPlan;
import org.transducer4j.bench.plan.Rate;
import org.transducer4j.speech.BadInputException;

/**
 * Measures the tables of the works, cell by cell. Results are written after each, so that a run that was interrupted goes on where it
 * ended. Cells whose memory isn't there aren't run, long ones are measured on a part; both are marked.
 */
public final class Papers {
    private static final double WARM_UP_SECONDS = 1;

    /** Of a process: the JVM, the peak of the product before and after. */
    private static final double START_SECONDS = 2.5;

    private final PapersOptions options;
    private final Origin origin;
    private final Measurer measurer;
    private final Listener listener;
    private final PapersFolder folder;
    private final PapersResult.Settings settings;
    private final List<PlannedTable> planned;
    private final List<PapersTable> tables = new ArrayList<>();
    private final Map<HeadSize, Double> rates = new HashMap<>();
    private final Map<HeadTask, HeadMeasurement> measured = new HashMap<>();

    /** Hears how it goes on. */
    public interface Listener {
        /**
         * Before this machine's speed is measured, from which the time of cells is estimated: some seconds.
         *
         * @param size of the joint network
         */
        void estimating(HeadSize size);

        /**
         * Before each cell that is measured.
         *
         * @param what table, method and place
         * @param done cells that are done
         * @param of cells in all
         * @param secondsLeft estimated
         */
        void progress(String what, int done, int of, double secondsLeft);

        /**
         * After each table.
         *
         * @param table with all its rows
         */
        void finished(PapersTable table);
    }

    /** Who measures. */
    interface Measurer {
        HeadMeasurement measure(HeadTask task);

        double operationsPerSecond(HeadSize size, int threads);
    }

    private static final class InProcesses implements Measurer {
        @Override
        public HeadMeasurement measure(HeadTask task) {
            return HeadBench.measure(task);
        }

        @Override
        public double operationsPerSecond(HeadSize size, int threads) {
            return Rate.measure(size, threads, WARM_UP_SECONDS).operationsPerSecond();
        }
    }

    private Papers(PapersOptions options, Origin origin, Measurer measurer, Listener listener) {
        this.options = options;
        this.origin = origin;
        this.measurer = measurer;
        this.listener = listener;
        TableLengths lengths =
                options.tables().contains("a") ? TableLengths.of(options) : new TableLengths(List.of(), "");
        planned = PlannedTable.all(options, lengths);
        settings = new PapersResult.Settings(
                options.threads(),
                options.repetitions().warmUpRuns(),
                options.repetitions().warmUpSeconds(),
                options.repetitions().reps(),
                options.cellSeconds(),
                options.memoryBudget().bytes(),
                options.deviceBytes(),
                options.seed(),
                options.grid());
        folder = new PapersFolder(options.out());
        PapersResult earlier = options.overwrite() ? null : folder.read();
        if (earlier != null) {
            check(earlier);
            tables.addAll(earlier.tables());
        }
    }

    /**
     * Measures what isn't done yet.
     *
     * @param options what and where
     * @param origin who wrote it
     * @param listener hears how it goes on
     * @return all results
     * @throws BadInputException if lengths can't be read, or the folder can't be used or holds results of other settings
     */
    public static PapersResult run(PapersOptions options, Origin origin, Listener listener) {
        return run(options, origin, new InProcesses(), listener);
    }

    static PapersResult run(PapersOptions options, Origin origin, Measurer measurer, Listener listener) {
        return new Papers(options, origin, measurer, listener).run();
    }

    private void check(PapersResult earlier) {
        Map<String, String> before = earlier.conditions();
        result().conditions().forEach((what, now) -> {
            if (!now.equals(before.get(what))) {
                throw new BadInputException(options.out() + ": holds measurements of another setting: " + what + " "
                        + before.get(what) + ", this is " + now + "; take another folder, or --overwrite");
            }
        });
        for (PlannedTable table : planned) {
            for (PapersTable known : earlier.tables()) {
                if (known.id().equals(table.id()) && !known.note().equals(table.note())) {
                    throw new BadInputException(options.out() + ": holds measurements of other lengths: " + known.note()
                            + " Now: " + table.note() + " Take another folder, or --overwrite");
                }
            }
        }
    }

    private PapersResult result() {
        return new PapersResult(
                "The tables of the works",
                origin.command(),
                Machine.describe(),
                Runtime.version().toString(),
                origin.version(),
                settings,
                tables.stream().sorted(Comparator.comparing(PapersTable::id)).toList());
    }

    /** A table while it is measured: a row for each cell, null where there is none yet. */
    private record Progress(PlannedTable table, List<@Nullable PapersRow> rows) {
        PapersTable known() {
            return table.with(rows.stream()
                    .<PapersRow>mapMulti((row, next) -> {
                        if (row != null) {
                            next.accept(row);
                        }
                    })
                    .toList());
        }
    }

    /** A cell that has to be measured, on a part of it or all. */
    private record Job(Progress progress, int index, Cell cell, HeadTask part, double seconds) {
        boolean isOf(Progress other) {
            return progress.table().id().equals(other.table().id());
        }
    }

    private PapersResult run() {
        List<Progress> all =
                planned.stream().map(table -> new Progress(table, known(table))).toList();
        List<Job> jobs = new ArrayList<>();
        for (Progress progress : all) {
            for (int i = 0; i < progress.rows().size(); i++) {
                Cell cell = progress.table().cells().get(i);
                if (progress.rows().get(i) == null && cell.fits()) {
                    jobs.add(job(progress, i, cell));
                } else if (progress.rows().get(i) == null) {
                    progress.rows().set(i, cell.tooLarge());
                }
            }
        }
        Queue<Job> left = new ArrayDeque<>(jobs);
        double estimated = 0;
        double spent = 0;
        for (Progress progress : all) {
            while (!left.isEmpty() && left.element().isOf(progress)) {
                Job job = left.element();
                double pace = estimated == 0 ? 1 : spent / estimated;
                listener.progress(name(job), jobs.size() - left.size(), jobs.size(), pace * seconds(left));
                boolean shared = measured.containsKey(job.part());
                long begin = System.nanoTime();
                progress.rows().set(job.index(), measure(job));
                if (!shared) {
                    estimated += job.seconds();
                    spent += (System.nanoTime() - begin) * 1e-9;
                }
                left.remove();
                put(progress.known());
            }
            put(progress.known());
            listener.finished(progress.known());
        }
        return result();
    }

    private static String name(Job job) {
        PlannedTable table = job.progress().table();
        Double x = job.cell().x();
        return table.id() + " " + job.cell().method()
                + (x == null || table.x() == null ? "" : " at %s=%.0f".formatted(table.x(), x));
    }

    /** Rows of an earlier run, without those that failed. */
    private List<@Nullable PapersRow> known(PlannedTable table) {
        List<PapersRow> earlier = tables.stream()
                .filter(one -> one.id().equals(table.id()))
                .flatMap(one -> one.rows().stream())
                .filter(row -> row.mark() != Mark.FAILED)
                .toList();
        List<@Nullable PapersRow> rows = new ArrayList<>();
        for (Cell cell : table.cells()) {
            rows.add(earlier.stream()
                    .filter(row -> row.isOf(cell.method(), cell.x()))
                    .findFirst()
                    .orElse(null));
        }
        return rows;
    }

    private Job job(Progress progress, int index, Cell cell) {
        double rate = rates.computeIfAbsent(cell.task().size(), size -> {
            listener.estimating(size);
            return measurer.operationsPerSecond(size, options.threads());
        });
        HeadTask part = cell.part(options.cellSeconds() * rate);
        List<MethodPlan> plans = part.plans(options.deviceBytes(), rate);
        double pass = plans.stream().mapToDouble(MethodPlan::seconds).sum();
        HeadTask.Repetitions repetitions = options.repetitions();
        double warmUp = Math.max(repetitions.warmUpSeconds(), repetitions.warmUpRuns() * pass / plans.size());
        return new Job(progress, index, cell, part, START_SECONDS + warmUp + repetitions.reps() * pass);
    }

    /** Parts that several cells have in common are measured once. */
    private double seconds(Collection<Job> jobs) {
        Set<HeadTask> counted = new HashSet<>(measured.keySet());
        return jobs.stream()
                .filter(job -> counted.add(job.part()))
                .mapToDouble(Job::seconds)
                .sum();
    }

    private PapersRow measure(Job job) {
        try {
            HeadMeasurement measurement = measured.get(job.part());
            if (measurement == null) {
                measurement = measurer.measure(job.part());
                measured.put(job.part(), measurement);
            }
            return job.cell().row(job.part(), measurement);
        } catch (IllegalArgumentException e) {
            // Its process ended. The other cells are worth having, and the next run tries this one again.
            return job.cell().failed(String.valueOf(e.getMessage()));
        }
    }

    private void put(PapersTable table) {
        tables.removeIf(one -> one.id().equals(table.id()));
        tables.add(table);
        folder.write(result());
    }
}
