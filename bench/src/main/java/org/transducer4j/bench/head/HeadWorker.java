package org.transducer4j.bench.head;

import java.lang.foreign.Arena;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.transducer4j.asr.train.ProcessMemory;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import tools.jackson.databind.json.JsonMapper;

/** Measures one method in a process of its own; the measurement goes to standard output as JSON. */
public final class HeadWorker {
    /** Measurements of the peak until the JVM has compiled it. */
    private static final int PEAK_WARM_UP = 8;

    /** So much of the JIT compilers' time is worth waiting for its end. */
    private static final long COMPILING_MILLIS = 100;

    /** How often the time asked for a warm-up may take at most. */
    private static final int LONGEST_WARM_UP = 5;

    private HeadWorker() {}

    /**
     * Runs in the process.
     *
     * @param args none; standard input has the task as JSON
     */
    public static void main(String[] args) {
        HeadTask task = new JsonMapper().readValue(System.in, HeadTask.class);
        System.out.println(new JsonMapper().writeValueAsString(measure(task)));
    }

    static HeadMeasurement measure(HeadTask task) {
        NamedMethod method = task.how();
        try (Kernels bare = KernelProviders.choose(task.provider()).open(task.threads());
                Arena arena = Arena.ofShared();
                HeadStep step = new HeadStep(method, task.lossOptions(task.threads()))) {
            HeadInputs inputs = new HeadInputs(arena, task.size(), task.batches(), method.simpleJoiner(), task.draw());
            for (int i = 0; i < PEAK_WARM_UP; i++) {
                bare.productPeak();
            }
            HeadTask.Repetitions repetitions = task.repetitions();
            warmUp(repetitions, run -> step.run(inputs.joint, inputs.batches.get(run % inputs.batches.size())));
            double[] seconds = new double[repetitions.reps()];
            double[] peaks = new double[repetitions.reps()];
            Sums sums = new Sums();
            for (int rep = 0; rep < seconds.length; rep++) {
                // In between, since clocks and neighbours on a shared machine change from second to second.
                peaks[rep] = bare.productPeak() * 1e-9;
                sums = new Sums();
                long from = System.nanoTime();
                for (HeadInputs.Batch batch : inputs.batches) {
                    sums.add(step.run(inputs.joint, batch));
                }
                seconds[rep] = seconds(from) / inputs.batches.size();
            }
            return sums.measurement(task, seconds, inputs.batches.size(), median(peaks));
        }
    }

    /**
     * As long as is asked for; and where time is, on until the JIT compilers have little left to do. With as many threads as cores they
     * take their time from the step.
     */
    private static void warmUp(HeadTask.Repetitions repetitions, IntConsumer step) {
        // A JVM that only interprets has none.
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        LongSupplier compiling = compilers == null ? () -> 0 : compilers::getTotalCompilationTime;
        long begin = System.nanoTime();
        long quietSince = begin;
        long compiled = 0;
        for (int run = 0; ; run++) {
            boolean asked = run >= repetitions.warmUpRuns() && seconds(begin) >= repetitions.warmUpSeconds();
            boolean quiet = seconds(quietSince) >= repetitions.warmUpSeconds();
            if (asked && (quiet || seconds(begin) >= LONGEST_WARM_UP * repetitions.warmUpSeconds())) {
                return;
            }
            step.accept(run);
            if (compiling.getAsLong() - compiled > COMPILING_MILLIS) {
                compiled = compiling.getAsLong();
                quietSince = System.nanoTime();
            }
        }
    }

    /** Sorts. */
    private static double median(double[] x) {
        Arrays.sort(x);
        return x[x.length / 2];
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) * 1e-9;
    }

    /** Of all batches. */
    private static final class Sums {
        private long nodes;
        private long nodesBackward;
        private long nodesAgain;
        private long scratch;
        private double leftOut;

        void add(LossResult result) {
            nodes += result.nodes();
            nodesBackward += result.nodesBackward();
            nodesAgain += result.nodesAgain();
            scratch = Math.max(scratch, result.peakScratchBytes());
            leftOut += result.leftOut();
        }

        HeadMeasurement measurement(HeadTask task, double[] seconds, int batches, double peak) {
            double median = median(seconds);
            double rows = nodes + 2.0 * nodesBackward + nodesAgain;
            double operations = 2.0 * task.size().vocabulary() * task.size().width() * rows / batches;
            double executed = operations / median * 1e-9;
            return new HeadMeasurement(
                    task.shape(),
                    task.method(),
                    task.threads(),
                    new HeadMeasurement.Seconds(median, seconds[0], seconds[seconds.length - 1]),
                    scratch,
                    ProcessMemory.peakBytes(),
                    executed,
                    peak,
                    peak == 0 ? 0 : executed / peak,
                    nodes,
                    nodesBackward,
                    nodesAgain,
                    leftOut);
        }
    }
}
