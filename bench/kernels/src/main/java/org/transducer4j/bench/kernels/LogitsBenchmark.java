package org.transducer4j.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import org.openjdk.jmh.annotations.TearDown;
import org.transducer4j.loss.LogitsLoss;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Scores;

/** Loss and gradient of ready-made scores over a small vocabulary: time of an utterance of a batch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("MissingJavadoc") // what the methods measure is their names
public class LogitsBenchmark {
    /** N, utterances of a batch. */
    public static final int UTTERANCES = 128;

    /** T of each. */
    public static final int FRAMES = 150;

    /** U of each. */
    public static final int LABELS = 40;

    /** V, blank included. */
    public static final int VOCABULARY = 28;

    @Param({"simd", "scalar"})
    public String provider;

    @Param({"LOGITS", "LOG_PROBABILITIES"})
    public Scores scores;

    @Param({"1", "2"})
    public int threads;

    private LogitsLoss loss;
    private LogitsBatch batch;

    @Setup
    public void setUp() {
        Inputs inputs = new Inputs();
        int rows = UTTERANCES * FRAMES * (LABELS + 1);
        long bytes = (long) rows * VOCABULARY * Float.BYTES;
        MemorySegment data = Arena.ofAuto().allocate(bytes, Float.BYTES);
        for (long row = 0; row < rows; row++) {
            float[] z = inputs.normal(VOCABULARY);
            if (scores == Scores.LOG_PROBABILITIES) {
                normalise(z);
            }
            MemorySegment.copy(z, 0, data, ValueLayout.JAVA_FLOAT, row * VOCABULARY * Float.BYTES, VOCABULARY);
        }
        int[] frames = new int[UTTERANCES];
        Arrays.fill(frames, FRAMES);
        int[][] labels = new int[UTTERANCES][];
        Arrays.setAll(labels, _ -> inputs.labels(LABELS, VOCABULARY));
        batch = LogitsBatch.padded(data, FRAMES, LABELS, VOCABULARY, frames, labels)
                .withScores(scores)
                .withGradient(Arena.ofAuto().allocate(bytes, Float.BYTES));
        loss = LogitsLoss.open(LossOptions.defaults().withProvider(provider).withThreads(threads));
    }

    private static void normalise(float[] z) {
        double sum = 0;
        for (float x : z) {
            sum += Math.exp(x);
        }
        for (int k = 0; k < z.length; k++) {
            z[k] -= (float) Math.log(sum);
        }
    }

    @TearDown
    public void tearDown() {
        loss.close();
    }

    @Benchmark
    @OperationsPerInvocation(UTTERANCES)
    public LossResult lossAndGradient() {
        return loss.compute(batch, Reduction.SUM);
    }
}
