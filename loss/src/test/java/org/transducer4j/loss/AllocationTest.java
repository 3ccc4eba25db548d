package org.transducer4j.loss;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.Reduction;

/**
 * A step allocates small objects only once the workspace is there. The vectors of the Vector API are objects until the
 * JIT compiler has been there: so it gets some time, in a JVM whose profiles are of this problem only.
 */
class AllocationTest {
    private static final long LIMIT = 64 << 10;
    private static final long PATIENCE_NANOS = 40_000_000_000L;

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void aStepAllocatesSmallObjectsOnly(String provider) throws Exception {
        OwnJvm.run(AllocationTest.class, List.of(), provider);
    }

    /** In the other JVM. */
    public static void main(String[] args) throws ReflectiveOperationException {
        var problem = Cases.random(1, Activation.TANH, 0, 100, 40, new int[][] {{60, 12}, {50, 20}, {70, 15}, {40, 10}
        }); // 1.3 MB of logits
        long bytes = Long.MAX_VALUE;
        try (TransducerLoss loss = TransducerLoss.open(problem.options(args[0], 1))) {
            long begin = System.nanoTime();
            while (bytes > LIMIT && System.nanoTime() - begin < PATIENCE_NANOS) {
                long before = Cases.allocated();
                loss.compute(problem.joint(), problem.batch(), Reduction.SUM);
                bytes = Cases.allocated() - before;
            }
        }
        if (bytes > LIMIT) {
            throw new AssertionError("a step still allocates " + bytes + " bytes");
        }
    }
}
