package org.transducer4j.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.SimpleResult;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.MemoryBudgetException;
import org.transducer4j.loss.method.Pruning;

/**
 * The transducer loss of a simple joiner, and the bands in which the full joiner is worth its price (Kuang et al. 2022,
 * arXiv 2206.13236). The normaliser of node (t,u) is the log of an element of exp(am) exp(lm)^T, so no (T, U+1, V) exists.
 *
 * <pre>{@code
 * SimpleResult simple = simpleLoss.compute(batchOfAmAndLm);
 * LossResult pruned = transducerLoss.compute(joint, batch, simple.bands());
 * }</pre>
 *
 * <p>Of {@link LossOptions} it heeds the lattice but for HAT, provider, threads, memory budget, and what happens where a loss
 * isn't finite. It goes through a batch utterance by utterance: schedule and occupancy floor have nothing to choose, and
 * there are no logits to clamp. So these are refused if they aren't the defaults; {@link LossOptions#forSimpleJoiner} makes them so.
 *
 * <p>One object serves one caller at a time. A second thread that enters meanwhile, and whoever comes after {@link #close}, gets an
 * {@link IllegalStateException}. Null where nothing says that it may be is a {@link NullPointerException} with the argument's name.
 */
public final class SimpleLoss implements AutoCloseable {
    private final LossOptions options;
    private final SimpleJoiner joiner;
    private final Pruning pruning;
    private final Kernels kernels;
    private final Gate gate = new Gate(SimpleLoss.class);

    /** The loss over these kernels. */
    SimpleLoss(LossOptions options, SimpleJoiner joiner, Pruning pruning, Kernels kernels) {
        this.options = options;
        this.joiner = joiner;
        this.pruning = pruning;
        this.kernels = kernels;
    }

    /**
     * Opens the loss.
     *
     * @param options how to compute
     * @param joiner how far its parts count alone
     * @param pruning how bands are chosen
     * @return the loss, to be closed
     * @throws IllegalArgumentException if a provider asked for by name doesn't exist or can't run here, or the options ask
     *     for HAT, or say what this loss would ignore: a schedule, an occupancy floor, a clamp
     */
    public static SimpleLoss open(LossOptions options, SimpleJoiner joiner, Pruning pruning) {
        Require.given(options, "options");
        Require.given(joiner, "joiner");
        Require.given(pruning, "pruning");
        String name = "loss of a simple joiner";
        Checks.noSchedule(name, options);
        Checks.unused(name, "clamp", options.clamp(), options.clamp() == 0);
        Require.that(
                !options.lattice().hat(),
                "the simple joiner has one softmax over blank and labels; HAT's separate blank doesn't go with it");
        return new SimpleLoss(
                options,
                joiner,
                pruning,
                KernelProviders.choose(options.provider()).open(options.threads()));
    }

    private void check(List<Utterance> batch) {
        int blank = options.lattice().blank();
        for (Utterance utterance : batch) {
            int vocabulary = utterance.encoder().value().columns();
            int labels = utterance.labelCount();
            Checks.blank(blank, vocabulary);
            Checks.labels(utterance.name(), utterance.labels(), blank, vocabulary);
            Band full = Band.full(utterance.frames(), labels);
            Checks.band(utterance.name(), full, utterance.frames(), labels, options);
            Require.that(
                    !utterance.encoder().isInPlace() && !utterance.predictor().isInPlace(),
                    "utterance %s: the simple joiner reads am and lm to the end, so their gradients can't take their place; they need matrices of their own",
                    utterance.name());
        }
    }

    /**
     * What computing a batch would hold, without computing it, as {@link TransducerLoss#plan}. Its rows are the nodes of the
     * lattices, and a row is a sum over V: with a joint width of 1 {@link MemoryPlan#operations} are those of this loss.
     *
     * @param batch the utterances, at least one
     * @return the plan; where the memory budget refuses the batch it says so and what would be needed
     * @throws IllegalArgumentException as {@link #compute(List)}, but for budget and gradients
     */
    public MemoryPlan plan(List<Utterance> batch) {
        return gate.alone(() -> planned(Require.all(batch, "batch")));
    }

    private MemoryPlan planned(List<Utterance> batch) {
        Require.that(!batch.isEmpty(), "there is nothing to plan: the batch is empty");
        check(batch);
        Optional<String> refusal = Optional.empty();
        try {
            requireBudget(batch);
        } catch (MemoryBudgetException e) {
            refusal = Optional.of(String.valueOf(e.getMessage()));
        }
        LongSummaryStatistics nodes = batch.stream()
                .mapToLong(u -> u.frames() * (u.labelCount() + 1L))
                .summaryStatistics();
        return new MemoryPlan(
                kernels.simpleScratch(batch, joiner, options.memoryBudget().bytes()),
                batch.size(),
                nodes.getMax(),
                nodes.getSum(),
                0,
                refusal);
    }

    /** Each utterance must fit, before any is begun. */
    private void requireBudget(List<Utterance> batch) {
        MemoryBudget budget = options.memoryBudget();
        for (Utterance utterance : batch) {
            budget.require(
                    "the simple joiner of utterance " + utterance.name(),
                    kernels.simpleScratch(List.of(utterance), joiner, budget.bytes())
                            .bytes());
        }
    }

    /**
     * Losses of a batch, the gradients of their mean written to where the utterances say, and the bands.
     *
     * @param batch utterances with am (T, V) for an encoder output and lm (U+1, V) for a predictor output
     * @return losses and bands
     * @throws IllegalArgumentException if labels don't fit, gradients are to take the place of values, overlap what is read or one another,
     *     an utterance doesn't fit the memory budget, or, under {@link NonFinite#FAIL}, has no path in the topology
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; the gradients of utterances before it have been written then
     */
    public SimpleResult compute(List<Utterance> batch) {
        return compute(batch, Reduction.MEAN);
    }

    /**
     * Losses of a batch, the gradients of their sum or mean, and the bands.
     *
     * @param batch utterances with am (T, V) for an encoder output and lm (U+1, V) for a predictor output
     * @param reduction what the gradients are of; the result has a loss for each utterance in any case
     * @return losses and bands
     * @throws IllegalArgumentException as {@link #compute(List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; the gradients of utterances before it have been written then
     */
    public SimpleResult compute(List<Utterance> batch, Reduction reduction) {
        Require.given(reduction, "reduction");
        return gate.alone(() -> {
            List<Utterance> utterances = Require.all(batch, "batch");
            check(utterances);
            Checks.apart(utterances);
            requireBudget(utterances);
            return run(utterances, reduction);
        });
    }

    private SimpleResult run(List<Utterance> batch, Reduction reduction) {
        kernels.resetPeak();
        double[] losses = new double[batch.size()];
        List<Integer> skipped = new ArrayList<>();
        List<Band> bands = new ArrayList<>();
        long nodes = 0;
        long nodesBackward = 0;
        for (int b = 0; b < losses.length; b++) {
            Utterance utterance = batch.get(b);
            int labels = utterance.labelCount();
            Band full = Band.full(utterance.frames(), labels);
            nodes += full.nodes();
            try (SimpleSample sample = kernels.simple(
                    utterance, joiner, options.lattice(), options.memoryBudget().bytes())) {
                sample.forward();
                losses[b] = sample.solve();
                if (Double.isFinite(losses[b])) {
                    bands.add(pruning.band(
                            sample,
                            utterance.frames(),
                            labels,
                            options.lattice().topology()));
                    if (utterance.encoder().gradient() != null
                            || utterance.predictor().gradient() != null) {
                        sample.backward();
                        nodesBackward += full.nodes();
                    }
                } else if (options.nonFinite() == NonFinite.FAIL) {
                    throw new NonFiniteLossException(utterance.name(), losses[b]);
                } else {
                    skipped.add(b);
                    bands.add(full);
                    clear(utterance.encoder());
                    clear(utterance.predictor());
                }
            }
        }
        // Only now is known how many count.
        float factor = (float) reduction.factor(losses.length - skipped.size());
        for (Utterance utterance : batch) {
            scale(utterance.encoder(), factor);
            scale(utterance.predictor(), factor);
        }
        return new SimpleResult(
                LossResult.of(losses, skipped)
                        .withNodes(nodes, nodesBackward, 0)
                        .withPeakScratchBytes(kernels.peakScratchBytes()),
                bands);
    }

    private void clear(Parameter parameter) {
        if (parameter.gradient() != null) {
            kernels.clear(parameter.gradient());
        }
    }

    private void scale(Parameter parameter, float factor) {
        if (factor != 1 && parameter.gradient() != null) {
            kernels.scale(parameter.gradient(), factor);
        }
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
