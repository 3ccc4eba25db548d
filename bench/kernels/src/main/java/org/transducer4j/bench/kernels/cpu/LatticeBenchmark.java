package org.transducer4j.bench.kernels.cpu;

import static org.transducer4j.bench.kernels.LogitsBenchmark.FRAMES;
import static org.transducer4j.bench.kernels.LogitsBenchmark.LABELS;
import static org.transducer4j.bench.kernels.LogitsBenchmark.UTTERANCES;
import static org.transducer4j.bench.kernels.LogitsBenchmark.VOCABULARY;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.transducer4j.bench.kernels.Inputs;
import org.transducer4j.loss.internal.cpu.FloatKernels;
import org.transducer4j.loss.internal.cpu.FloatLattice;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;

/**
 * Alpha, beta and edge posteriors alone, of the lattices that {@link org.transducer4j.bench.kernels.LogitsBenchmark} has: time of
 * an utterance. One time divided by the other is the recursion's share.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("MissingJavadoc") // what the methods measure is their names
public class LatticeBenchmark {
    @Param({"simd", "scalar"})
    public String provider;

    @Param({"REGULAR", "MODIFIED"})
    public Topology topology;

    @Param({"1", "2"})
    public int threads;

    private FloatKernels kernels;
    private FloatLattice.Store store;
    private float[] blank;
    private float[] label;
    private FloatLattice[] lattices;

    @Setup
    public void setUp() {
        kernels = KernelState.kernels(provider, threads);
        Band band = Band.full(FRAMES, LABELS);
        int room = (int) FloatLattice.room(band, kernels.operations);
        store = new FloatLattice.Store(UTTERANCES * room);
        blank = logProbabilities(UTTERANCES * room);
        label = logProbabilities(UTTERANCES * room);
        LatticeOptions options = new LatticeOptions(0, topology, 0, 0, false, true);
        lattices = new FloatLattice[UTTERANCES];
        Arrays.setAll(
                lattices, b -> new FloatLattice(band, new int[LABELS], options, kernels.operations, store, b * room));
        for (FloatLattice lattice : lattices) {
            for (int t = 0; t < FRAMES; t++) {
                label[lattice.index(t, LABELS)] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /** About what a softmax leaves of logits ~ N(0, 1). */
    private static float[] logProbabilities(int n) {
        float[] z = new Inputs().normal(n);
        for (int i = 0; i < n; i++) {
            z[i] -= (float) (Math.log(VOCABULARY) + 0.5);
        }
        return z;
    }

    /** Posteriors take the place of log-probabilities: these come back, outside of the time that is taken. */
    @Setup(Level.Invocation)
    public void restore() {
        System.arraycopy(blank, 0, store.blankEdge(), 0, blank.length);
        System.arraycopy(label, 0, store.labelEdge(), 0, label.length);
    }

    @TearDown
    public void tearDown() {
        kernels.close();
    }

    @Benchmark
    @OperationsPerInvocation(UTTERANCES)
    public double[] recursion() {
        double[] losses = new double[UTTERANCES];
        kernels.workers.run(UTTERANCES, Long.MAX_VALUE, b -> losses[b] = lattices[b].solve());
        return losses;
    }
}
