package org.transducer4j.loss;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Scores;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsGroup;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.MemoryBudgetException;

/**
 * The transducer loss of ready-made logits (B, T, U+1, V): what {@code torchaudio.functional.rnnt_loss} and
 * warp-transducer offer. Whoever has the joint network's parts should use {@link TransducerLoss}, which never holds
 * these logits.
 *
 * <p>Its lattices stay within the memory budget: where those of a batch don't, its utterances go in groups. Of {@link LossOptions} it heeds all
 * but schedule and occupancy floor, and refuses these if they aren't the defaults.
 *
 * <p>One object serves one caller at a time. A second thread that enters meanwhile, and whoever comes after {@link #close}, gets an
 * {@link IllegalStateException}. Null where nothing says that it may be is a {@link NullPointerException} with the argument's name.
 */
public final class LogitsLoss implements AutoCloseable {
    private final LossOptions options;
    private final Kernels kernels;
    private final long limit;
    private final Gate gate = new Gate(LogitsLoss.class);

    /** The loss over these kernels. */
    LogitsLoss(LossOptions options, Kernels kernels) {
        this.options = options;
        this.kernels = kernels;
        limit = options.memoryBudget().bytes();
    }

    /**
     * Opens the loss.
     *
     * @param options how to compute
     * @return the loss, to be closed
     * @throws IllegalArgumentException if a provider asked for by name doesn't exist or can't run here, or the options say what this loss
     *     would ignore: a schedule, an occupancy floor
     */
    public static LogitsLoss open(LossOptions options) {
        Require.given(options, "options");
        Checks.noSchedule("loss of ready-made logits", options);
        return new LogitsLoss(
                options, KernelProviders.choose(options.provider()).open(options.threads()));
    }

    /**
     * Losses of a batch and, if the batch says where, the gradient of their mean.
     *
     * @param batch the scores
     * @return the losses
     * @throws IllegalArgumentException if a label is out of range or is blank, or an utterance doesn't fit the memory budget
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; nothing is written in that case
     */
    public LossResult compute(LogitsBatch batch) {
        return compute(batch, Reduction.MEAN);
    }

    /**
     * Losses of a batch and, if the batch says where, the gradient.
     *
     * @param batch the scores
     * @param reduction what the gradient is of; the result has a loss for each utterance in any case
     * @return the losses
     * @throws IllegalArgumentException if a label is out of range or is blank, or an utterance doesn't fit the memory budget
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; nothing is written in that case
     */
    public LossResult compute(LogitsBatch batch, Reduction reduction) {
        Require.given(batch, "batch");
        List<Band> bands = new ArrayList<>();
        for (int b = 0; b < batch.utterances(); b++) {
            bands.add(Band.full(batch.frames(b), batch.labelCount(b)));
        }
        return compute(batch, bands, reduction);
    }

    /**
     * Losses of a batch over bands and, if the batch says where, the gradient of their mean.
     *
     * @param batch the scores
     * @param bands which nodes of each lattice exist; those that don't are never read, their gradient is zero
     * @return the losses: -log of the sum over the paths inside the band
     * @throws IllegalArgumentException as {@link #compute(LogitsBatch)}, or if a band doesn't fit or has no path
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; nothing is written in that case
     */
    public LossResult compute(LogitsBatch batch, List<Band> bands) {
        return compute(batch, bands, Reduction.MEAN);
    }

    /**
     * Losses of a batch over bands.
     *
     * @param batch the scores
     * @param bands which nodes of each lattice exist; those that don't are never read, their gradient is zero
     * @param reduction what the gradient is of; the result has a loss for each utterance in any case
     * @return the losses: -log of the sum over the paths inside the band
     * @throws IllegalArgumentException as {@link #compute(LogitsBatch)}, or if a band doesn't fit or has no path
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; nothing is written in that case
     */
    public LossResult compute(LogitsBatch batch, List<Band> bands, Reduction reduction) {
        Require.given(reduction, "reduction");
        return gate.alone(() -> {
            List<LogitsMember> members = members(batch, bands);
            requireBudget(members);
            return run(batch, groups(members), reduction);
        });
    }

    /**
     * What computing a batch would hold, without computing it. Its rows are the nodes of the lattices.
     *
     * @param batch the scores, of which only the shapes count; one utterance at least
     * @param bands which nodes of each lattice exist
     * @return the plan; where the memory budget refuses the batch it says so and what would be needed
     * @throws IllegalArgumentException as {@link #compute(LogitsBatch, List)}, but for the budget
     */
    public MemoryPlan plan(LogitsBatch batch, List<Band> bands) {
        return gate.alone(() -> {
            List<LogitsMember> members = members(batch, bands);
            Require.that(!members.isEmpty(), "there is nothing to plan: the batch is empty");
            Optional<String> refusal = Optional.empty();
            try {
                requireBudget(members);
            } catch (MemoryBudgetException e) {
                refusal = Optional.of(String.valueOf(e.getMessage()));
            }
            List<List<LogitsMember>> groups = groups(members);
            return new MemoryPlan(
                    kernels.logitsScratch(groups, limit),
                    groups.size(),
                    groups.stream().mapToLong(LogitsLoss::nodes).max().orElseThrow(),
                    nodes(members),
                    0,
                    refusal);
        });
    }

    /** The batch, checked. */
    private List<LogitsMember> members(LogitsBatch batch, List<Band> bands) {
        Require.given(batch, "batch");
        List<Band> nodes = Require.all(bands, "bands");
        Checks.blank(options.lattice().blank(), batch.vocabulary());
        Require.that(
                !options.lattice().hat() || batch.scores() == Scores.LOGITS,
                "HAT is a way to normalise logits; log-probabilities are taken as they are");
        Require.that(
                batch.utterances() == nodes.size(), "%d utterances have %d bands", batch.utterances(), nodes.size());
        List<LogitsMember> members = new ArrayList<>();
        for (int b = 0; b < nodes.size(); b++) {
            int[] labels = batch.labels(b);
            Checks.labels(Integer.toString(b), labels, options.lattice().blank(), batch.vocabulary());
            Checks.band(Integer.toString(b), nodes.get(b), batch.frames(b), labels.length, options);
            members.add(new LogitsMember(batch.rows(batch.logits(), b), labels, nodes.get(b)));
        }
        return members;
    }

    /** Each utterance must fit by itself, before any is begun. */
    private void requireBudget(List<LogitsMember> members) {
        for (int b = 0; b < members.size(); b++) {
            options.memoryBudget().require("the lattice of utterance " + b, bytes(members.subList(b, b + 1)));
        }
    }

    private long bytes(List<LogitsMember> group) {
        return kernels.logitsScratch(List.of(group), limit).bytes();
    }

    /** Neighbours whose lattices the budget holds together; the whole batch, if it can be. */
    private List<List<LogitsMember>> groups(List<LogitsMember> members) {
        if (members.isEmpty() || bytes(members) <= limit) {
            return List.of(members);
        }
        List<List<LogitsMember>> groups = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= members.size(); to++) {
            if (to == members.size() || bytes(members.subList(from, to + 1)) > limit) {
                groups.add(members.subList(from, to));
                from = to;
            }
        }
        return groups;
    }

    private static long nodes(List<LogitsMember> members) {
        return members.stream().mapToLong(member -> member.band().nodes()).sum();
    }

    private LossResult run(LogitsBatch batch, List<List<LogitsMember>> groups, Reduction reduction) {
        kernels.resetPeak();
        MemorySegment gradient = batch.gradient();
        double[] losses = new double[batch.utterances()];
        long nodes = groups.stream().mapToLong(LogitsLoss::nodes).sum();
        // All losses come first: how many count must be known, and a loss that isn't finite must not leave half of the
        // logits overwritten.
        // Where all lattices are held at once, they are still there for the gradient.
        boolean twice = gradient != null && groups.size() > 1;
        List<Integer> skipped = new ArrayList<>();
        int first = 0;
        for (List<LogitsMember> members : groups) {
            try (LogitsGroup group = kernels.logits(members, options.lattice(), limit)) {
                System.arraycopy(group.solve(), 0, losses, first, members.size());
                skipped.addAll(notFinite(losses, first, members.size()));
                if (gradient != null && !twice) {
                    float factor = (float) reduction.factor(losses.length - skipped.size());
                    backward(group, batch, gradient, first, members.size(), losses, factor);
                }
            }
            first += members.size();
        }
        if (gradient != null && twice) {
            float factor = (float) reduction.factor(losses.length - skipped.size());
            first = 0;
            for (List<LogitsMember> members : groups) {
                try (LogitsGroup group = kernels.logits(members, options.lattice(), limit)) {
                    group.solve();
                    backward(group, batch, gradient, first, members.size(), losses, factor);
                }
                first += members.size();
            }
        }
        return LossResult.of(losses, skipped)
                .withNodes(nodes, nodes, twice ? nodes : 0)
                .withPeakScratchBytes(kernels.peakScratchBytes());
    }

    private List<Integer> notFinite(double[] losses, int first, int count) {
        List<Integer> found = new ArrayList<>();
        for (int b = first; b < first + count; b++) {
            if (!Double.isFinite(losses[b])) {
                if (options.nonFinite() == NonFinite.FAIL) {
                    throw new NonFiniteLossException(Integer.toString(b), losses[b]);
                }
                found.add(b);
            }
        }
        return found;
    }

    private void backward(
            LogitsGroup group,
            LogitsBatch batch,
            MemorySegment gradient,
            int first,
            int count,
            double[] losses,
            float factor) {
        List<LogitsRows> gradients = new ArrayList<>();
        boolean[] take = new boolean[count];
        for (int i = 0; i < count; i++) {
            gradients.add(batch.rows(gradient, first + i));
            take[i] = Double.isFinite(losses[first + i]);
        }
        group.backward(gradients, take, factor, options.clamp());
    }

    /**
     * Frees scratch memory and threads. A second time does nothing.
     *
     * @throws IllegalStateException if a thread is computing
     */
    @Override
    public void close() {
        if (gate.close()) {
            kernels.close();
        }
    }
}
