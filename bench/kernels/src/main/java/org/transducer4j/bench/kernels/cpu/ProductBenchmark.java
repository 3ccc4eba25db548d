package org.transducer4j.bench.kernels.cpu;

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
import org.transducer4j.loss.internal.cpu.Products;
import org.transducer4j.loss.internal.cpu.Strips;
import org.transducer4j.loss.internal.cpu.Workers;

/**
 * The three products of the head over a chunk of 576 rows, V = 1024, H = 512, on one thread, packed beforehand. What a nanosecond
 * does is what a second does in billions: GFLOP/s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("MissingJavadoc") // what the methods measure is their names
public class ProductBenchmark {
    private static final int ROWS = 576;
    private static final int VOCABULARY = 1024;
    private static final int WIDTH = 512;
    private static final int OPERATIONS = 2 * ROWS * VOCABULARY * WIDTH;

    @Param({"simd", "scalar"})
    public String provider;

    private Products products;
    private float[] left;
    private float[] right;
    private float[] result;

    @Setup
    public void setUp() {
        products = new Products(KernelState.kernels(provider, 1).operations, new Workers(1));
        // Long enough for each of the three, and a product takes the same time whatever is in it.
        int most = 2 * VOCABULARY * (ROWS + WIDTH);
        left = new Inputs().normal(most);
        right = new Inputs().normal(most);
        result = new float[most];
    }

    /** z = h W^T. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public float[] logits() {
        Products.Target strips = products.strips(result, 0, products.inStrips(VOCABULARY));
        multiply(VOCABULARY, WIDTH, strips);
        return result;
    }

    /** dh = dz W. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public float[] hiddenGradient() {
        Products.Target rows = products.rows(result, 0, products.stride(WIDTH));
        multiply(WIDTH, VOCABULARY, rows);
        return result;
    }

    private void multiply(int columns, int depth, Products.Target to) {
        Strips strips = products.inStrips(depth);
        products.forStrips(
                ROWS,
                (long) (columns + depth) * Float.BYTES,
                2L * columns * depth,
                (from, end) -> products.multiply(from, end, columns, depth, left, 0, strips, right, to));
    }

    /** dW^T += h^T dz. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public float[] weightGradient() {
        Strips hidden = products.inStrips(WIDTH);
        Strips logits = products.inStrips(VOCABULARY);
        products.addOuter(WIDTH, VOCABULARY, ROWS, left, hidden, right, 0, logits, products.columns(result, WIDTH));
        return result;
    }
}
