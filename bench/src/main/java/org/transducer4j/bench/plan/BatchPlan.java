package org.transducer4j.bench.plan;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.transducer4j.loss.Activation;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Parameter;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.schedule.MemoryBudget;
import org.transducer4j.loss.schedule.MemoryPlan;

/** Plans batches for every method: the loss itself is asked what it would hold, so that plan and measurement agree. */
public final class BatchPlan {
    /** Where the search for the largest batch ends. */
    public static final int MOST = 1024;

    private final HeadSize size;
    private final Limits limits;

    /**
     * A planner.
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
     */
    public MethodPlan plan(Method method, List<Lengths> batch) {
        MemoryPlan memory = memory(method, batch);
        int frames = batch.stream().mapToInt(Lengths::frames).max().orElseThrow();
        int labels = batch.stream().mapToInt(Lengths::labels).max().orElseThrow();
        // A value and its gradient, float32.
        long pair = 2 * Float.BYTES;
        long encoder = pair * batch.size() * frames * size.width();
        long predictor = pair * batch.size() * (labels + 1L) * size.width();
        long head = pair * size.vocabulary() * (size.width() + 1L);
        long simple = method.simpleJoiner() ? pair * batch.size() * (frames + labels + 1L) * size.vocabulary() : 0;
        long scratch = memory.scratch().bytes();
        long total = encoder + predictor + head + simple + scratch;
        double operations = memory.operations(size.vocabulary(), size.width(), true);
        boolean fits = memory.refusal().isEmpty() && total <= limits.deviceBytes();
        return new MethodPlan(
                method.name(),
                method.exact(),
                encoder,
                predictor,
                head,
                simple,
                memory.scratch(),
                scratch,
                total,
                memory.rows(),
                memory.rowsAgain(),
                memory.tileRows(),
                operations,
                operations / limits.operationsPerSecond(),
                fits,
                advice(method, memory, total, total - scratch, batch));
    }

    private List<String> advice(Method method, MemoryPlan memory, long total, long inputs, List<Lengths> batch) {
        List<String> advice = new ArrayList<>();
        memory.refusal().ifPresent(advice::add);
        if (total > limits.deviceBytes()) {
            advice.add("needs " + MemoryBudget.format(total) + " of " + MemoryBudget.format(limits.deviceBytes())
                    + (inputs > limits.deviceBytes() / 2
                            ? "; its inputs alone come to " + MemoryBudget.format(inputs)
                            : ""));
        }
        if (!advice.isEmpty()) {
            int most = largest(method, longest(batch));
            advice.add(
                    most == 0
                            ? "not even one utterance like the longest fits"
                            : "a batch of " + most + (most == 1 ? " utterance" : " utterances")
                                    + " like the longest fits");
        }
        return advice;
    }

    /** Padded, all are as long as the longest and have as many labels as the one with most. */
    private static Lengths longest(List<Lengths> batch) {
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
    public int largest(Method method, Lengths lengths) {
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

    private boolean fits(Method method, List<Lengths> batch) {
        Lengths longest = longest(batch);
        long inputs = 2L
                        * Float.BYTES
                        * batch.size()
                        * (longest.frames() + longest.labels() + 1L)
                        * (size.width() + (method.simpleJoiner() ? size.vocabulary() : 0))
                + 2L * Float.BYTES * size.vocabulary() * (size.width() + 1L);
        if (inputs > limits.deviceBytes()) {
            return false;
        }
        MemoryPlan memory = memory(method, batch);
        return memory.refusal().isEmpty() && inputs + memory.scratch().bytes() <= limits.deviceBytes();
    }

    /** Asks the loss. Only shapes count: all utterances share the largest one's matrices. */
    private MemoryPlan memory(Method method, List<Lengths> batch) {
        Lengths longest = longest(batch);
        LossOptions options = LossOptions.defaults()
                .withSchedule(method.schedule())
                .withMemoryBudget(limits.budget())
                .withThreads(1);
        try (Arena arena = Arena.ofShared();
                TransducerLoss loss = TransducerLoss.open(options)) {
            JointNetwork joint = new JointNetwork(
                    Activation.TANH,
                    parameter(arena, size.vocabulary(), size.width()),
                    parameter(arena, 1, size.vocabulary()));
            Parameter encoder = parameter(arena, longest.frames(), size.width());
            Parameter predictor = parameter(arena, longest.labels() + 1L, size.width());
            Map<Lengths, Utterance> utterances = new HashMap<>();
            Map<Lengths, Band> bands = new HashMap<>();
            for (Lengths lengths : batch) {
                utterances.computeIfAbsent(lengths, l -> utterance(l, encoder, predictor));
                bands.computeIfAbsent(lengths, method.band());
            }
            return loss.plan(
                    joint,
                    batch.stream().map(utterances::get).toList(),
                    batch.stream().map(bands::get).toList());
        }
    }

    private static Parameter parameter(Arena arena, long rows, int columns) {
        return new Parameter(Matrix.zeros(arena, rows, columns), Matrix.zeros(arena, rows, columns));
    }

    private static Utterance utterance(Lengths lengths, Parameter encoder, Parameter predictor) {
        int[] labels = new int[lengths.labels()];
        Arrays.fill(labels, 1);
        return new Utterance(
                "of " + lengths.frames() + " frames",
                rows(encoder, lengths.frames()),
                rows(predictor, lengths.labels() + 1L),
                labels);
    }

    private static Parameter rows(Parameter parameter, long count) {
        Matrix gradient = Objects.requireNonNull(parameter.gradient());
        return new Parameter(parameter.value().rows(0, count), gradient.rows(0, count));
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
