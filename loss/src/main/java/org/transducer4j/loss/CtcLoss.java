package org.transducer4j.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.internal.check.Overlaps;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsSample;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.MemoryBudgetException;

/**
 * The CTC loss (Graves et al. 2006): -log of the sum over the paths of T symbols that become the labels once repetitions are
 * merged and blanks left out. It is the usual companion of a transducer, on an output layer of the encoder's own.
 *
 * <p>Of {@link LossOptions} it heeds blank, provider, threads, memory budget, clamp, and what happens where a loss isn't finite. The others it
 * refuses if they aren't the defaults; {@link LossOptions#forCtc} makes them so.
 *
 * <p>One object serves one caller at a time. A second thread that enters meanwhile, and whoever comes after {@link #close}, gets an
 * {@link IllegalStateException}. Null where nothing says that it may be is a {@link NullPointerException} with the argument's name.
 */
public final class CtcLoss implements AutoCloseable {
    private final LossOptions options;
    private final Kernels kernels;
    private final long limit;
    private final Gate gate = new Gate(CtcLoss.class);

    /** The loss over these kernels. */
    CtcLoss(LossOptions options, Kernels kernels) {
        this.options = options;
        this.kernels = kernels;
        limit = options.memoryBudget().bytes();
    }

    /**
     * Opens the loss.
     *
     * @param options how to compute
     * @return the loss, to be closed
     * @throws IllegalArgumentException if a provider asked for by name doesn't exist or can't run here, or the options say what CTC would
     *     ignore: a topology, FastEmit, a delay penalty, HAT, posteriors as they are, a schedule, an occupancy floor
     */
    public static CtcLoss open(LossOptions options) {
        Require.given(options, "options");
        String name = "CTC loss";
        LatticeOptions lattice = options.lattice();
        Checks.unused(name, "topology", lattice.topology(), lattice.topology() == Topology.REGULAR);
        Checks.unused(name, "fastEmit", lattice.fastEmit(), lattice.fastEmit() == 0);
        Checks.unused(name, "delayPenalty", lattice.delayPenalty(), lattice.delayPenalty() == 0);
        Checks.unused(name, "hat", lattice.hat(), !lattice.hat());
        Checks.unused(name, "renormalise", lattice.renormalise(), lattice.renormalise());
        Checks.noSchedule(name, options);
        return new CtcLoss(options, KernelProviders.choose(options.provider()).open(options.threads()));
    }

    /**
     * Losses of a batch, one utterance after the other, and the gradients of their mean written to where the utterances say.
     *
     * @param batch the utterances
     * @return the losses; nodes are those of the CTC lattices, T x (2U+1)
     * @throws IllegalArgumentException if a label is out of range or is blank, gradients overlap what is read or one another, an utterance
     *     doesn't fit the memory budget, or, under {@link NonFinite#FAIL}, has fewer frames than its labels need
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; the gradients of utterances before it have been written then
     */
    public LossResult compute(List<CtcUtterance> batch) {
        return compute(batch, Reduction.MEAN);
    }

    /**
     * Losses of a batch, one utterance after the other, and the gradients of their sum or mean.
     *
     * @param batch the utterances
     * @param reduction what the gradients are of; the result has a loss for each utterance in any case
     * @return the losses; nodes are those of the CTC lattices, T x (2U+1)
     * @throws IllegalArgumentException as {@link #compute(List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; the gradients of utterances before it have been written then
     */
    public LossResult compute(List<CtcUtterance> batch, Reduction reduction) {
        Require.given(reduction, "reduction");
        return gate.alone(() -> {
            List<CtcUtterance> utterances = Require.all(batch, "batch");
            check(utterances);
            requireApart(utterances);
            requireBudget(utterances);
            return run(utterances, reduction);
        });
    }

    /**
     * What computing a batch would hold, without computing it. Its rows are the nodes of the lattices, T x (2U+1).
     *
     * @param batch the utterances, of which only the shapes count, at least one
     * @return the plan; where the memory budget refuses the batch it says so and what would be needed
     * @throws IllegalArgumentException as {@link #compute(List)}, but for budget and gradients
     */
    public MemoryPlan plan(List<CtcUtterance> batch) {
        return gate.alone(() -> {
            List<CtcUtterance> utterances = Require.all(batch, "batch");
            Require.that(!utterances.isEmpty(), "there is nothing to plan: the batch is empty");
            check(utterances);
            Optional<String> refusal = Optional.empty();
            try {
                requireBudget(utterances);
            } catch (MemoryBudgetException e) {
                refusal = Optional.of(String.valueOf(e.getMessage()));
            }
            LongSummaryStatistics nodes =
                    utterances.stream().mapToLong(CtcLoss::nodes).summaryStatistics();
            return new MemoryPlan(
                    kernels.ctcScratch(utterances, limit),
                    utterances.size(),
                    nodes.getMax(),
                    nodes.getSum(),
                    0,
                    refusal);
        });
    }

    private void check(List<CtcUtterance> batch) {
        int blank = options.lattice().blank();
        for (CtcUtterance utterance : batch) {
            int vocabulary = utterance.logits().value().columns();
            Checks.blank(blank, vocabulary);
            Checks.labels(utterance.name(), utterance.labels(), blank, vocabulary);
            Require.that(
                    options.nonFinite() == NonFinite.SKIP || utterance.neededFrames() <= utterance.frames(),
                    "utterance %s: %d labels need %d frames in CTC, it has %d",
                    utterance.name(),
                    utterance.labelCount(),
                    utterance.neededFrames(),
                    utterance.frames());
        }
    }

    private static void requireApart(List<CtcUtterance> batch) {
        Overlaps overlaps = new Overlaps();
        for (CtcUtterance utterance : batch) {
            Checks.add(overlaps, utterance.name(), "logits", "gradient of the logits", utterance.logits());
        }
        overlaps.require();
    }

    /** Each utterance must fit, before any is begun. */
    private void requireBudget(List<CtcUtterance> batch) {
        for (CtcUtterance utterance : batch) {
            options.memoryBudget()
                    .require(
                            "the CTC lattice of utterance " + utterance.name(),
                            kernels.ctcScratch(List.of(utterance), limit).bytes());
        }
    }

    private static long nodes(CtcUtterance utterance) {
        return utterance.frames() * (2L * utterance.labelCount() + 1);
    }

    private LossResult run(List<CtcUtterance> batch, Reduction reduction) {
        kernels.resetPeak();
        double[] losses = new double[batch.size()];
        List<Integer> skipped = new ArrayList<>();
        List<Matrix> written = new ArrayList<>();
        long nodes = 0;
        long nodesBackward = 0;
        for (int b = 0; b < losses.length; b++) {
            CtcUtterance utterance = batch.get(b);
            long count = nodes(utterance);
            nodes += count;
            try (LogitsSample sample = kernels.ctc(utterance, options.lattice().blank(), limit)) {
                sample.forward();
                losses[b] = sample.solve();
                Matrix gradient = utterance.logits().gradient();
                if (Double.isFinite(losses[b])) {
                    if (gradient != null) {
                        sample.backward(rows(gradient), 1, options.clamp());
                        written.add(gradient);
                        nodesBackward += count;
                    }
                } else if (options.nonFinite() == NonFinite.FAIL) {
                    throw new NonFiniteLossException(utterance.name(), losses[b]);
                } else {
                    skipped.add(b);
                    if (gradient != null) {
                        kernels.clear(gradient);
                    }
                }
            }
        }
        // Only now is known how many count.
        float factor = (float) reduction.factor(losses.length - skipped.size());
        if (factor != 1) {
            written.forEach(gradient -> kernels.scale(gradient, factor));
        }
        return LossResult.of(losses, skipped)
                .withNodes(nodes, nodesBackward, 0)
                .withPeakScratchBytes(kernels.peakScratchBytes());
    }

    private static LogitsRows rows(Matrix matrix) {
        return new LogitsRows(matrix.data(), (int) matrix.rows(), matrix.columns(), matrix.columns(), false);
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
