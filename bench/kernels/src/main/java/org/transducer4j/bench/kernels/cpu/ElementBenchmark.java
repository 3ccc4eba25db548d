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

/** Element by element, in the nearest cache: time of an element. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("MissingJavadoc") // what the methods measure is their names
public class ElementBenchmark {
    private static final int VOCABULARY = 1024;
    private static final int SMALL_VOCABULARY = 28;
    private static final int ROWS = 41;

    @Param({"simd", "scalar"})
    public String provider;

    private Operations operations;
    private float[] x;
    private float[] y;
    private float[] z;
    private float[] maxima;
    private float[] ones;

    @Setup
    public void setUp() {
        operations = KernelState.kernels(provider, 1).operations;
        Inputs inputs = new Inputs();
        int most = 2 * ROWS * SMALL_VOCABULARY;
        x = inputs.normal(most);
        y = inputs.normal(most);
        z = new float[most];
        maxima = new float[ROWS];
        ones = new float[ROWS];
        Arrays.fill(ones, 1);
    }

    /** h = tanh(e + p). */
    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public float[] tanh() {
        operations.tanh(x, 0, y, 0, z, 0, operations.lanes(), VOCABULARY);
        return z;
    }

    /** h = max(0, e + p). */
    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public float[] relu() {
        operations.relu(x, 0, y, 0, z, 0, operations.lanes(), VOCABULARY);
        return z;
    }

    /** h = 1 / (1 + exp(-(e + p))). */
    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public float[] sigmoid() {
        operations.sigmoid(x, 0, y, 0, z, 0, operations.lanes(), VOCABULARY);
        return z;
    }

    /** dh through tanh, added to two sums. */
    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public float[] tanhGradient() {
        operations.addTanhGradient(x, y, 0, 1, z, 0, z, VOCABULARY, VOCABULARY);
        return z;
    }

    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public float max() {
        return operations.max(x, 0, operations.lanes(), VOCABULARY);
    }

    /** exp(z - shift) and its sum; the numbers are copied to where they are overwritten. */
    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public float exp() {
        System.arraycopy(x, 0, z, 0, VOCABULARY);
        return operations.exp(z, 0, operations.lanes(), VOCABULARY, 4);
    }

    /** Largest logit, exp and log of a row of logits, copied likewise. */
    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public double logSumExp() {
        System.arraycopy(x, 0, z, 0, VOCABULARY);
        return operations.logSumExp(z, 0, VOCABULARY);
    }

    /** A row times a factor, as hidden values on the way back. */
    @Benchmark
    @OperationsPerInvocation(VOCABULARY)
    public float[] scale() {
        int lanes = operations.lanes();
        operations.scale(x, 0, lanes, -1, z, 0, lanes, VOCABULARY / lanes);
        return z;
    }

    /** The largest of each of 41 rows of 28 logits. */
    @Benchmark
    @OperationsPerInvocation(ROWS * SMALL_VOCABULARY)
    public float[] smallRowMaxima() {
        operations.rowMaxima(x, 0, SMALL_VOCABULARY, ROWS, maxima, 0);
        return maxima;
    }

    /** Exponentials, or the gradient, of 41 rows of 28 logits. */
    @Benchmark
    @OperationsPerInvocation(ROWS * SMALL_VOCABULARY)
    public float[] smallRowExponentials() {
        operations.rowExponentials(x, 0, SMALL_VOCABULARY, ROWS, maxima, 0, ones, 0, z, 0);
        return z;
    }
}
