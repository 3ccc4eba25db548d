package org.transducer4j.bench.kernels;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.transducer4j.loss.CtcLoss;
import org.transducer4j.loss.SimpleLoss;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.SimpleResult;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.Pruning;

/** Losses and gradients of whole batches: B = 8, T = 100, U = 20, V = 500, H = 256, all utterances of the same lengths. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("MissingJavadoc") // what the methods measure is their names
public class LossBenchmark {
    private static final int UTTERANCES = 8;
    private static final int FRAMES = 100;
    private static final int LABELS = 20;
    private static final int VOCABULARY = 500;
    private static final int WIDTH = 256;
    private static final int PRUNE_RANGE = 5;

    @Param({"simd", "scalar"})
    public String provider;

    @Param({"1", "2"})
    public int threads;

    private TransducerLoss loss;
    private SimpleLoss simpleLoss;
    private CtcLoss ctcLoss;
    private JointNetwork joint;
    private List<Utterance> batch;
    private List<Utterance> simpleBatch;
    private List<CtcUtterance> ctcBatch;
    private List<Band> bands;

    @Setup
    public void setUp() {
        Inputs inputs = new Inputs();
        LossOptions options = LossOptions.defaults()
                .withProvider(provider)
                .withThreads(threads)
                .withOccupancyFloor(0);
        loss = TransducerLoss.open(options);
        simpleLoss = SimpleLoss.open(options.forSimpleJoiner(), SimpleJoiner.SMOOTHED, Pruning.of(PRUNE_RANGE));
        ctcLoss = CtcLoss.open(options.forCtc());
        joint = inputs.joint(VOCABULARY, WIDTH);
        batch = Stream.generate(() -> inputs.utterance(FRAMES, LABELS, WIDTH, VOCABULARY))
                .limit(UTTERANCES)
                .toList();
        simpleBatch = Stream.generate(() -> inputs.utterance(FRAMES, LABELS, VOCABULARY, VOCABULARY))
                .limit(UTTERANCES)
                .toList();
        ctcBatch = simpleBatch.stream()
                .map(u -> new CtcUtterance(u.name(), u.encoder(), u.labels()))
                .toList();
        bands = simpleLoss.compute(simpleBatch, Reduction.SUM).bands();
    }

    @TearDown
    public void tearDown() {
        loss.close();
        simpleLoss.close();
        ctcLoss.close();
    }

    /** The whole head: joint network, loss, all gradients. */
    @Benchmark
    public LossResult head() {
        return loss.compute(joint, batch, Reduction.SUM);
    }

    /** The same on the bands that the simple joiner chose, five positions a frame. */
    @Benchmark
    public LossResult prunedHead() {
        return loss.compute(joint, batch, bands, Reduction.SUM);
    }

    /** The simple joiner's loss, and its bands. */
    @Benchmark
    public SimpleResult simple() {
        return simpleLoss.compute(simpleBatch, Reduction.SUM);
    }

    @Benchmark
    public LossResult ctc() {
        return ctcLoss.compute(ctcBatch, Reduction.SUM);
    }
}
