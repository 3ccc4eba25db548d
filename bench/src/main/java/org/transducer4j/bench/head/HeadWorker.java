package org.transducer4j.bench.head;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.transducer4j.asr.train.ProcessMemory;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.loss.LossResult;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import tools.jackson.databind.json.JsonMapper;

/** Measures one method in a process of its own; the measurement goes to standard output as JSON. */
public final class HeadWorker {
    /** The JIT compilers need some runs, and some time. */
    private static final int WARM_UP_RUNS = 2;

    private static final double WARM_UP_SECONDS = 3;

    private HeadWorker() {}

    /**
     * Runs in the process.
     *
     * @param args options as JSON; they name one shape and one method
     */
    public static void main(String[] args) {
        HeadOptions options = HeadJson.read(args[0]);
        System.out.println(new JsonMapper().writeValueAsString(measure(options)));
    }

    static HeadMeasurement measure(HeadOptions options) {
        HeadShape shape = options.shapes().getFirst();
        String word = options.methods().getFirst();
        HeadMethod method = HeadMethod.parse(word, options.occupancyFloor(), options.memoryBudget());
        List<List<Lengths>> lengths = options.lengths() == null
                ? List.of(shape.draw(options.seed()))
                : shape.read(options.lengths(), options.firstBatch(), options.lastBatch());
        double peak = peak(options.threads());
        try (Arena arena = Arena.ofShared();
                HeadStep step = new HeadStep(method, options.threads())) {
            HeadInputs inputs = new HeadInputs(
                    arena, shape.size(), lengths, method.nodes() == HeadMethod.Nodes.PRUNED, options.seed());
            long begin = System.nanoTime();
            for (int run = 0; run < WARM_UP_RUNS || seconds(begin) < WARM_UP_SECONDS; run++) {
                step.run(inputs.joint, inputs.batches.get(run % inputs.batches.size()));
            }
            double[] seconds = new double[options.reps()];
            Sums sums = new Sums();
            for (int rep = 0; rep < seconds.length; rep++) {
                sums = new Sums();
                long from = System.nanoTime();
                for (HeadInputs.Batch batch : inputs.batches) {
                    sums.add(step.run(inputs.joint, batch));
                }
                seconds[rep] = seconds(from) / inputs.batches.size();
            }
            peak = Math.max(peak, peak(options.threads()));
            return sums.measurement(shape, word, options.threads(), seconds, inputs.batches.size(), peak);
        }
    }

    private static double peak(int threads) {
        try (Kernels kernels = KernelProviders.choose(null).open(threads)) {
            return kernels.productPeak() * 1e-9;
        }
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

        HeadMeasurement measurement(
                HeadShape shape, String method, int threads, double[] seconds, int batches, double peak) {
            Arrays.sort(seconds);
            double median = seconds[seconds.length / 2];
            double rows = nodes + 2.0 * nodesBackward + nodesAgain;
            double operations = 2.0 * shape.size().vocabulary() * shape.size().width() * rows / batches;
            double executed = operations / median * 1e-9;
            return new HeadMeasurement(
                    shape.toString(),
                    method,
                    threads,
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
