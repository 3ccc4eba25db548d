package org.transducer4j.bench.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.transducer4j.loss.SimpleLoss;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Pruning;

/** Plans batches for every method: the loss itself is asked what it would hold, so that plan and measurement agree. */
public final class BatchPlan {
    /** Where the search for the largest batch ends. */
    public static final int MOST = 1024;

    /** Of lengths that differ: bands of each are held. */
    private static final long MOST_FRAMES = 50_000_000;

    private static final long COARSE = 16 << 20;

    private final HeadSize size;
    private final Limits limits;

    /**
     * A planner for the kernels that are taken where nobody names any.
     *
     * @param size of the joint network
     * @param limits what there is
     */
    public BatchPlan(HeadSize size, Limits limits) {
        this.size = size;
        this.limits = limits;
    }

    /**
     * Plans a batch for a method.
     *
     * @param method how
     * @param batch its utterances, at least one
     * @return what it costs
     * @throws IllegalArgumentException if those are more bytes than can be counted, or more frames than a plan goes through
     */
    public MethodPlan plan(NamedMethod method, List<Lengths> batch) {
        Lengths longest = longest(batch);
        checkCountable(batch.size(), longest);
        checkFrames(batch);
        MemoryPlan memory = memory(method, batch);
        Optional<MemoryPlan> simple = simple(method, batch);
        Scratch simpleScratch = simple.map(MemoryPlan::scratch).orElse(Scratch.NONE);
        Inputs inputs = inputs(method, batch.size(), longest);
        long scratch = memory.scratch().bytes() + simpleScratch.bytes();
        long total = inputs.bytes() + scratch;
        double operations = memory.operations(size.vocabulary(), size.width(), true)
                // Sums over V at each node of the full lattice.
                + simple.map(plan -> plan.operations(size.vocabulary(), 1, true))
                        .orElse(0.0);
        List<String> refusals = Stream.of(Optional.of(memory), simple)
                .flatMap(Optional::stream)
                .flatMap(plan -> plan.refusal().stream())
                .toList();
        return new MethodPlan(
                method.name(),
                method.exact(),
                inputs.encoder(),
                inputs.predictor(),
                inputs.head(),
                inputs.simpleJoiner(),
                memory.scratch(),
                simpleScratch,
                scratch,
                total,
                memory.rows(),
                memory.rowsAgain(),
                memory.tileRows(),
                simple.map(MemoryPlan::rows).orElse(0L),
                operations,
                operations / limits.operationsPerSecond(),
                refusals.isEmpty() && total <= limits.deviceBytes(),
                advice(method, refusals, total, inputs.bytes(), batch));
    }

    /** Bytes of the inputs with their gradients, as a network makes them: padded. */
    private record Inputs(long encoder, long predictor, long head, long simpleJoiner) {
        long bytes() {
            return encoder + predictor + head + simpleJoiner;
        }
    }

    private Inputs inputs(NamedMethod method, int batch, Lengths longest) {
        // A value and its gradient, float32.
        long pair = 2 * Float.BYTES;
        long positions = longest.labels() + 1L;
        return new Inputs(
                pair * batch * longest.frames() * size.width(),
                pair * batch * positions * size.width(),
                pair * size.vocabulary() * (size.width() + 1L),
                method.simpleJoiner() ? pair * batch * (longest.frames() + positions) * size.vocabulary() : 0);
    }

    /** So that no sum of bytes overflows. */
    private void checkCountable(int batch, Lengths longest) {
        double rows = (double) batch * longest.nodes() + longest.frames();
        double most = 64.0 * (rows + size.width()) * size.vocabulary()
                + 64.0 * batch * (longest.frames() + longest.labels() + 1.0) * size.width();
        if (most >= Long.MAX_VALUE) {
            throw new IllegalArgumentException("B=%d T=%d U=%d V=%d H=%d needs more memory than can be counted in bytes"
                    .formatted(batch, longest.frames(), longest.labels(), size.vocabulary(), size.width()));
        }
    }

    private static void checkFrames(List<Lengths> batch) {
        long frames = batch.stream().distinct().mapToLong(Lengths::frames).sum();
        if (frames > MOST_FRAMES) {
            throw new IllegalArgumentException(
                    "utterances of different lengths have %d frames in all; a plan goes through %d at most"
                            .formatted(frames, MOST_FRAMES));
        }
    }

    private List<String> advice(
            NamedMethod method, List<String> refusals, long total, long inputs, List<Lengths> batch) {
        List<String> advice = new ArrayList<>(refusals);
        if (total > limits.deviceBytes()) {
            advice.add("needs " + MemoryBudget.format(total) + " of " + MemoryBudget.format(limits.deviceBytes())
                    + (inputs > limits.deviceBytes() / 2
                            ? "; its inputs alone come to " + MemoryBudget.format(inputs)
                            : ""));
        }
        if (!advice.isEmpty()) {
            advice.add(change(method, total, inputs, batch));
        }
        return advice;
    }

    /** What makes a batch fit that doesn't: another budget, or fewer utterances, or a smaller joint network. */
    private String change(NamedMethod method, long total, long inputs, List<Lengths> batch) {
        long needed = total - inputs;
        long room = limits.deviceBytes() - inputs;
        // Scratch that fills the budget may do with less; or more of it is there than the budget allows.
        long[] budgets = total > limits.deviceBytes()
                ? new long[] {wholeUnits(room, false), wholeUnits(room / 2, false)}
                : new long[] {wholeUnits(needed, true)};
        String budget = "";
        for (long bytes : budgets) {
            if (budget.isEmpty() && bytes > 0 && withBudget(bytes).fits(method, batch)) {
                budget = "fits with a memory budget of " + units(bytes);
            }
        }
        int most = largest(method, longest(batch));
        if (most > 0) {
            String fewer = "a batch of " + most + (most == 1 ? " utterance" : " utterances") + " like the longest";
            return budget.isEmpty() ? fewer + " fits" : budget + ", or " + fewer;
        }
        if (!budget.isEmpty()) {
            return budget;
        }
        List<Lengths> one = List.of(longest(batch));
        long alone = wholeUnits(
                memory(method, one).scratch().bytes()
                        + simple(method, one)
                                .map(plan -> plan.scratch().bytes())
                                .orElse(0L),
                true);
        if (alone > limits.budget().bytes() && withBudget(alone).fits(method, one)) {
            return "one utterance like the longest fits with a memory budget of " + units(alone);
        }
        long layer = inputs(method, 1, new Lengths(1, 0)).head();
        return layer > limits.deviceBytes()
                ? "V or H must be smaller: the output layer with its gradients alone comes to "
                        + MemoryBudget.format(layer)
                : "not even one utterance like the longest fits: shorter ones, or a smaller V or H, may";
    }

    private BatchPlan withBudget(long bytes) {
        return new BatchPlan(
                size, new Limits(new MemoryBudget(bytes), limits.deviceBytes(), limits.operationsPerSecond()));
    }

    /** In numbers that people write: whole MiB, or KiB where that would be coarse. */
    private static long wholeUnits(long bytes, boolean up) {
        long unit = bytes < COARSE ? 1 << 10 : 1 << 20;
        return (up ? Math.ceilDiv(bytes, unit) : Math.max(0, bytes) / unit) * unit;
    }

    private static String units(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
    }

    /** Padded, all are as long as the longest and have as many labels as the one with most. */
    static Lengths longest(List<Lengths> batch) {
        return new Lengths(
                batch.stream().mapToInt(Lengths::frames).max().orElseThrow(),
                batch.stream().mapToInt(Lengths::labels).max().orElseThrow());
    }

    /**
     * The largest batch of utterances of one length that fits.
     *
     * @param method how
     * @param lengths of each utterance
     * @return number of utterances, 0 if not even one fits, at most {@link #MOST}
     */
    public int largest(NamedMethod method, Lengths lengths) {
        int low = 0; // fits
        int high = MOST + 1; // doesn't, or is not asked for
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (fits(method, Collections.nCopies(middle, lengths))) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean fits(NamedMethod method, List<Lengths> batch) {
        long inputs = inputs(method, batch.size(), longest(batch)).bytes();
        if (inputs > limits.deviceBytes()) {
            return false;
        }
        MemoryPlan memory = memory(method, batch);
        Optional<MemoryPlan> simple = simple(method, batch);
        long scratch = memory.scratch().bytes()
                + simple.map(plan -> plan.scratch().bytes()).orElse(0L);
        return memory.refusal().isEmpty()
                && simple.flatMap(MemoryPlan::refusal).isEmpty()
                && inputs + scratch <= limits.deviceBytes();
    }

    /** Asks the loss. */
    private MemoryPlan memory(NamedMethod method, List<Lengths> batch) {
        JointNetwork joint =
                new JointNetwork(Activation.TANH, shape(size.vocabulary(), size.width()), shape(1, size.vocabulary()));
        Map<Lengths, Band> bands = new HashMap<>();
        for (Lengths lengths : batch) {
            bands.computeIfAbsent(lengths, method::band);
        }
        try (TransducerLoss loss =
                TransducerLoss.open(options().withSchedule(method.method().schedule()))) {
            return loss.plan(
                    joint,
                    utterances(batch, size.width()),
                    batch.stream().map(bands::get).toList());
        }
    }

    /** Asks the loss of the simple joiner, where there is one. */
    private Optional<MemoryPlan> simple(NamedMethod method, List<Lengths> batch) {
        if (!method.simpleJoiner()) {
            return Optional.empty();
        }
        // Which bands it chooses makes no difference to its own memory.
        try (SimpleLoss loss = SimpleLoss.open(options(), SimpleJoiner.SMOOTHED, Pruning.of(2))) {
            return Optional.of(loss.plan(utterances(batch, size.vocabulary())));
        }
    }

    private LossOptions options() {
        return LossOptions.defaults().withMemoryBudget(limits.budget()).withThreads(1);
    }

    private static List<Utterance> utterances(List<Lengths> batch, int columns) {
        Map<Lengths, Utterance> utterances = new HashMap<>();
        for (Lengths lengths : batch) {
            utterances.computeIfAbsent(lengths, l -> utterance(l, columns));
        }
        return batch.stream().map(utterances::get).toList();
    }

    private static Utterance utterance(Lengths lengths, int columns) {
        int[] labels = new int[lengths.labels()];
        Arrays.fill(labels, 1);
        return new Utterance(
                "of " + lengths.frames() + " frames",
                shape(lengths.frames(), columns),
                shape(lengths.labels() + 1L, columns),
                labels);
    }

    /** A matrix with a gradient beside it. Plans look at their sizes only, so that there is no memory behind them. */
    @SuppressWarnings("restricted")
    private static Parameter shape(long rows, int columns) {
        long bytes = rows * columns * Float.BYTES;
        return new Parameter(
                new Matrix(MemorySegment.ofAddress(Float.BYTES).reinterpret(bytes), rows, columns),
                new Matrix(MemorySegment.ofAddress(Float.BYTES + bytes).reinterpret(bytes), rows, columns));
    }

    /**
     * The batches with the most padded nodes.
     *
     * @param batches all
     * @param count how many
     * @return the worst first
     */
    public static List<List<Lengths>> worst(List<List<Lengths>> batches, int count) {
        return batches.stream()
                .sorted(Comparator.comparingLong((List<Lengths> batch) ->
                                batch.size() * longest(batch).nodes())
                        .reversed())
                .limit(count)
                .toList();
    }
}
