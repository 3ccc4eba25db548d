package org.transducer4j.toy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.kernel.Flight;
import org.transducer4j.loss.kernel.Group;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsGroup;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.kernel.LogitsSample;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.kernel.SymbolScorer;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.LatticeOptions;

/** Kernels from outside: those of the scalar provider, counting what passes through them. */
public final class ToyKernels implements KernelProvider {
    /** What it says to be the speed of its matrix product, by which measurements of other processes show whose they are: operations a second. */
    public static final double PEAK = 17e9;

    private static final AtomicLong ROWS = new AtomicLong();
    private static final AtomicLong UTTERANCES = new AtomicLong();
    private static final AtomicLong SCORED = new AtomicLong();

    /** Rows of joint networks that all kernels of this provider have computed forward. */
    public static long rows() {
        return ROWS.get();
    }

    /** Utterances that all kernels of this provider have begun. */
    public static long utterances() {
        return UTTERANCES.get();
    }

    /** Rows that searches have had scored by this provider. */
    public static long scored() {
        return SCORED.get();
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public int preference() {
        return -1;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public String description() {
        return "the scalar kernels, counted";
    }

    @Override
    public Kernels open(int threads) {
        return new Counted(KernelProviders.choose("scalar").open(threads));
    }

    @Override
    public SymbolScorer scorer(float[] weight, float[] bias) {
        SymbolScorer plain = SymbolScorer.plain(weight, bias);
        return (hidden, offset, logits) -> {
            SCORED.incrementAndGet();
            plain.score(hidden, offset, logits);
        };
    }

    private record Counted(Kernels kernels) implements Kernels {
        @Override
        public Head head(JointNetwork joint, boolean gradients) {
            return new CountedHead(kernels.head(joint, gradients));
        }

        @Override
        public LogitsGroup logits(List<LogitsMember> members, LatticeOptions options, long limit) {
            UTTERANCES.addAndGet(members.size());
            return kernels.logits(members, options, limit);
        }

        @Override
        public Scratch logitsScratch(List<List<LogitsMember>> groups, long limit) {
            return kernels.logitsScratch(groups, limit);
        }

        @Override
        public SimpleSample simple(Utterance utterance, SimpleJoiner joiner, LatticeOptions options, long limit) {
            UTTERANCES.incrementAndGet();
            return kernels.simple(utterance, joiner, options, limit);
        }

        @Override
        public Scratch simpleScratch(List<Utterance> batch, SimpleJoiner joiner, long limit) {
            return kernels.simpleScratch(batch, joiner, limit);
        }

        @Override
        public LogitsSample ctc(CtcUtterance utterance, int blank, long limit) {
            UTTERANCES.incrementAndGet();
            return kernels.ctc(utterance, blank, limit);
        }

        @Override
        public Scratch ctcScratch(List<CtcUtterance> batch, long limit) {
            return kernels.ctcScratch(batch, limit);
        }

        @Override
        public void clear(Matrix gradient) {
            kernels.clear(gradient);
        }

        @Override
        public void scale(Matrix gradient, float factor) {
            kernels.scale(gradient, factor);
        }

        @Override
        public double productPeak() {
            return PEAK;
        }

        @Override
        public void resetPeak() {
            kernels.resetPeak();
        }

        @Override
        public long peakScratchBytes() {
            return kernels.peakScratchBytes();
        }

        @Override
        public void close() {
            kernels.close();
        }
    }

    private record CountedHead(Head head) implements Head {
        @Override
        public long scratchBytes(List<Member> members, long tileRows) {
            return head.scratchBytes(members, tileRows);
        }

        @Override
        public Scratch peakScratch(List<Flight> flights, long limit) {
            return head.peakScratch(flights, limit);
        }

        @Override
        public int rowsTogether() {
            return head.rowsTogether();
        }

        @Override
        public int maxTileRows() {
            return head.maxTileRows();
        }

        @Override
        public void prepare(List<Member> batch, long room) {
            head.prepare(batch, room);
        }

        @Override
        public Group begin(List<Member> members, int tileRows, LatticeOptions options, long limit) {
            UTTERANCES.addAndGet(members.size());
            return new CountedGroup(head.begin(members, tileRows, options, limit));
        }

        @Override
        public void finish(float factor) {
            head.finish(factor);
        }

        @Override
        public void close() {
            head.close();
        }
    }

    private record CountedGroup(Group group) implements Group {
        @Override
        public void forward(long firstRow, int rows) {
            ROWS.addAndGet(rows);
            group.forward(firstRow, rows);
        }

        @Override
        public double[] solve() {
            return group.solve();
        }

        @Override
        public List<BestPath> bestPaths() {
            return group.bestPaths();
        }

        @Override
        public List<Posteriors> posteriors() {
            return group.posteriors();
        }

        @Override
        public Kept keep(double floor, boolean[] take) {
            return group.keep(floor, take);
        }

        @Override
        public int again(long firstRow, int rows) {
            return group.again(firstRow, rows);
        }

        @Override
        public void backward(long firstRow, int rows, float clamp) {
            group.backward(firstRow, rows, clamp);
        }

        @Override
        public void finish() {
            group.finish();
        }

        @Override
        public void close() {
            group.close();
        }
    }
}
