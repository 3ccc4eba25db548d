package org.transducer4j.bench.kernels.cpu;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.transducer4j.bench.kernels.Inputs;
import org.transducer4j.loss.internal.cpu.Operations;

/** One wave of a lattice with 40 labels: time of a node. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("MissingJavadoc") // what the methods measure is their names
public class WaveBenchmark {
    private static final int NODES = 41;

    /** Room for a whole vector behind the wave. */
    private static final int ROOM = NODES + 64;

    @Param({"simd", "scalar"})
    public String provider;

    private Operations operations;
    private double[] alpha;
    private double[] betaBehind;
    private double[] beta;
    private float[] logProbabilities;
    private float[] blank;
    private float[] label;

    @Setup
    public void setUp() {
        operations = KernelState.kernels(provider, 1).operations;
        alpha = new double[2 * ROOM];
        betaBehind = new double[ROOM];
        beta = new double[ROOM];
        Arrays.fill(alpha, -200);
        Arrays.fill(betaBehind, -200);
        logProbabilities = new Inputs().normal(ROOM);
        for (int i = 0; i < ROOM; i++) {
            logProbabilities[i] -= 4;
        }
        blank = logProbabilities.clone();
        label = logProbabilities.clone();
    }

    /** Alpha. */
    @Benchmark
    @OperationsPerInvocation(NODES)
    public double[] forward() {
        operations.forward(alpha, logProbabilities, logProbabilities, 1, ROOM, NODES);
        return alpha;
    }

    /** Beta and the edges' posteriors, and the copies of what they take the place of. */
    @Benchmark
    @OperationsPerInvocation(NODES)
    public double[] backward() {
        System.arraycopy(logProbabilities, 0, blank, 0, NODES);
        System.arraycopy(logProbabilities, 0, label, 0, NODES);
        System.arraycopy(betaBehind, 0, beta, 0, NODES + 1);
        operations.backward(alpha, blank, label, 0, beta, 0, NODES, -400);
        return beta;
    }

    /** One of the two log-sums of a frame of CTC. */
    @Benchmark
    @OperationsPerInvocation(NODES)
    public double[] logAdd() {
        operations.logAdd(alpha, 0, betaBehind, 0, alpha, ROOM, NODES);
        return alpha;
    }

    /** Posteriors of a frame of CTC. */
    @Benchmark
    @OperationsPerInvocation(NODES)
    public float[] posteriors() {
        operations.posteriors(alpha, 0, betaBehind, 0, -400, blank, 0, NODES);
        return blank;
    }
}
