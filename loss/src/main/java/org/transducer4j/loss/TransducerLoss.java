package org.transducer4j.loss;

import java.util.ArrayList;
import java.util.List;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.internal.engine.Engine;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;

/**
 * The exact transducer loss of a joint network, with gradients to encoder output, predictor output, output weight and
 * bias, inside a memory budget: of the logits (B, T, U+1, V) only a tile ever exists.
 *
 * <p>Not thread-safe: one object serves one caller at a time, with {@link LossOptions#threads()} threads inside.
 */
public final class TransducerLoss implements AutoCloseable {
    private final LossOptions options;
    private final Kernels kernels;
    private final Engine engine;

    private TransducerLoss(LossOptions options, Kernels kernels) {
        this.options = options;
        this.kernels = kernels;
        engine = new Engine(kernels, options);
    }

    /**
     * Opens the loss.
     *
     * @param options how to compute
     * @return the loss, to be closed
     * @throws IllegalArgumentException if a provider asked for by name doesn't exist or can't run here
     */
    public static TransducerLoss open(LossOptions options) {
        return new TransducerLoss(
                options, KernelProviders.choose(options.provider()).open(options.threads()));
    }

    /**
     * Losses of a batch over full lattices, and the gradients of their sum written to where the parameters say. Where no
     * parameter wants one, only the losses are computed.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return the losses
     * @throws IllegalArgumentException if shapes or labels don't fit, or the batch doesn't fit the memory budget
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch) {
        return compute(joint, batch, full(batch));
    }

    /**
     * Losses of a batch over bands.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @param bands which nodes of each lattice exist
     * @return the losses: -log of the sum over the paths inside the band
     * @throws IllegalArgumentException if shapes, labels or bands don't fit, no path gets through a band, or the batch
     *     doesn't fit the memory budget
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        return engine.run(joint, members(joint, batch, bands));
    }

    /**
     * The most probable path of each utterance over its full lattice: the frames at which a trained model emits the labels
     * (Viterbi). What isn't on the path has no part in it; gradients are left alone.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return their paths; under {@link NonFinite#SKIP} one without frames where there is none of finite probability
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}
     */
    public List<BestPath> align(JointNetwork joint, List<Utterance> batch) {
        return align(joint, batch, full(batch));
    }

    /**
     * The most probable path of each utterance inside a band.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @param bands which nodes of each lattice exist
     * @return their paths; under {@link NonFinite#SKIP} one without frames where there is none of finite probability
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List, List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}
     */
    public List<BestPath> align(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        List<BestPath> paths = engine.bestPaths(joint, members(joint, batch, bands));
        for (int b = 0; b < paths.size() && options.nonFinite() == NonFinite.FAIL; b++) {
            double logProbability = paths.get(b).logProbability();
            if (!Double.isFinite(logProbability)) {
                throw new NonFiniteLossException(batch.get(b).name(), -logProbability);
            }
        }
        return paths;
    }

    /**
     * What computing a batch would hold, without computing it. Only the shapes of the inputs count, so that utterances may
     * share one matrix.
     *
     * @param joint the joint network
     * @param batch the utterances, at least one
     * @param bands which nodes of each lattice exist
     * @return the plan; where the memory budget refuses the batch it says so and what would be needed
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List, List)}, but for the budget
     */
    public MemoryPlan plan(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        Require.that(!batch.isEmpty(), "there is nothing to plan: the batch is empty");
        return engine.plan(joint, members(joint, batch, bands));
    }

    /**
     * How probable each edge and node of an utterance's full lattice is, given its labels: where the model puts them and how
     * sure it is of that. Gradients are left alone.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return the posteriors of each; where a loss isn't finite they aren't either
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}
     */
    public List<Posteriors> posteriors(JointNetwork joint, List<Utterance> batch) {
        return engine.posteriors(joint, members(joint, batch, full(batch)));
    }

    /** All nodes of each utterance's lattice. */
    private static List<Band> full(List<Utterance> batch) {
        return batch.stream().map(u -> Band.full(u.frames(), u.labels().length)).toList();
    }

    /** The batch, checked. */
    private List<Member> members(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        Require.that(batch.size() == bands.size(), "%d utterances have %d bands", batch.size(), bands.size());
        Checks.blank(options.lattice().blank(), joint.vocabulary());
        List<Member> members = new ArrayList<>();
        for (int b = 0; b < batch.size(); b++) {
            Utterance utterance = batch.get(b);
            Require.that(
                    utterance.encoder().value().columns() == joint.width(),
                    "utterance %s: encoder width %d isn't the joint width %d",
                    utterance.name(),
                    utterance.encoder().value().columns(),
                    joint.width());
            Checks.labels(
                    utterance.name(), utterance.labels(), options.lattice().blank(), joint.vocabulary());
            Checks.band(utterance.name(), bands.get(b), utterance.frames(), utterance.labels().length, options);
            members.add(Member.of(utterance, bands.get(b)));
        }
        return members;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
