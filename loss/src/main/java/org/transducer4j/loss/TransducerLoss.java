package org.transducer4j.loss;

import java.util.ArrayList;
import java.util.List;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.PaddedBatch;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Reduction;
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
 * <p>One object serves one caller at a time, with {@link LossOptions#threads()} threads inside. A second thread that enters meanwhile, and
 * whoever comes after {@link #close}, gets an {@link IllegalStateException}. Null where nothing says that it may be is a
 * {@link NullPointerException} with the argument's name.
 */
public final class TransducerLoss implements AutoCloseable {
    private final LossOptions options;
    private final Kernels kernels;
    private final Engine engine;
    private final Gate gate = new Gate(TransducerLoss.class);

    /** The loss over these kernels. */
    TransducerLoss(LossOptions options, Kernels kernels) {
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
        Require.given(options, "options");
        return new TransducerLoss(
                options, KernelProviders.choose(options.provider()).open(options.threads()));
    }

    /**
     * Losses of a batch over full lattices, and the gradients of their mean written to where the parameters say. Where no
     * parameter wants one, only the losses are computed.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return the losses
     * @throws IllegalArgumentException if shapes or labels don't fit, gradients overlap what is read or one another, or the batch doesn't fit
     *     the memory budget
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch) {
        return compute(joint, batch, Reduction.MEAN);
    }

    /**
     * Losses of a batch over full lattices, and the gradients of their sum or mean.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @param reduction what the gradients are of; the result has a loss for each utterance in any case
     * @return the losses
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch, Reduction reduction) {
        return compute(joint, batch, full(batch), reduction);
    }

    /**
     * Losses of a batch over bands, and the gradients of their mean.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @param bands which nodes of each lattice exist
     * @return the losses: -log of the sum over the paths inside the band
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}, or if bands don't fit or no path gets through one
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        return compute(joint, batch, bands, Reduction.MEAN);
    }

    /**
     * Losses of a batch over bands, and the gradients of their sum or mean.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @param bands which nodes of each lattice exist
     * @param reduction what the gradients are of; the result has a loss for each utterance in any case
     * @return the losses: -log of the sum over the paths inside the band
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List, List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch, List<Band> bands, Reduction reduction) {
        Require.given(reduction, "reduction");
        return gate.alone(() -> {
            List<Utterance> utterances = Require.all(batch, "batch");
            List<Member> members = members(joint, utterances, bands);
            Checks.apart(joint, utterances);
            return engine.run(joint, members, reduction);
        });
    }

    /**
     * Losses of a padded batch over full lattices, and the gradients of their mean.
     *
     * @param joint the joint network
     * @param batch encoder outputs (B, Tmax, H), predictor outputs (B, Umax+1, H), lengths and labels
     * @return the losses
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, PaddedBatch batch) {
        return compute(joint, batch, Reduction.MEAN);
    }

    /**
     * Losses of a padded batch over full lattices, and the gradients of their sum or mean.
     *
     * @param joint the joint network
     * @param batch encoder outputs (B, Tmax, H), predictor outputs (B, Umax+1, H), lengths and labels
     * @param reduction what the gradients are of; the result has a loss for each utterance in any case
     * @return the losses
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, PaddedBatch batch, Reduction reduction) {
        Require.given(batch, "batch");
        List<Utterance> utterances = batch.utterances();
        return compute(joint, batch, full(utterances), reduction);
    }

    /**
     * Losses of a padded batch over bands, and the gradients of their sum or mean.
     *
     * @param joint the joint network
     * @param batch encoder outputs (B, Tmax, H), predictor outputs (B, Umax+1, H), lengths and labels
     * @param bands which nodes of each lattice exist
     * @param reduction what the gradients are of; the result has a loss for each utterance in any case
     * @return the losses: -log of the sum over the paths inside the band
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List, List)}
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, PaddedBatch batch, List<Band> bands, Reduction reduction) {
        Require.given(batch, "batch");
        Require.given(reduction, "reduction");
        return gate.alone(() -> {
            List<Utterance> utterances = batch.utterances();
            List<Member> members = members(joint, utterances, bands);
            Checks.apart(joint, batch);
            LossResult result = engine.run(joint, members, reduction);
            batch.gradientPadding().forEach(kernels::clear);
            return result;
        });
    }

    /**
     * The most probable path of each utterance over its full lattice: the frames at which a trained model emits the labels
     * (Viterbi). What isn't on the path has no part in it; gradients are left alone.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return their paths; under {@link NonFinite#SKIP} one without frames where there is none of finite probability
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}, but for gradients
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
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List, List)}, but for gradients
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}
     */
    public List<BestPath> align(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        List<BestPath> paths = gate.alone(() -> engine.bestPaths(joint, members(joint, batch, bands)));
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
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List, List)}, but for budget and gradients
     */
    public MemoryPlan plan(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        return gate.alone(() -> {
            List<Member> members = members(joint, batch, bands);
            Require.that(!members.isEmpty(), "there is nothing to plan: the batch is empty");
            return engine.plan(joint, members);
        });
    }

    /**
     * How probable each edge and node of an utterance's full lattice is, given its labels: where the model puts them and how
     * sure it is of that. Gradients are left alone.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return the posteriors of each; where a loss isn't finite they aren't either
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List)}, but for gradients
     */
    public List<Posteriors> posteriors(JointNetwork joint, List<Utterance> batch) {
        return posteriors(joint, batch, full(batch));
    }

    /**
     * How probable each edge and node of an utterance's band is, given its labels and that the path stays inside. Gradients are left
     * alone.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @param bands which nodes of each lattice exist
     * @return the posteriors of each; where a loss isn't finite they aren't either
     * @throws IllegalArgumentException as {@link #compute(JointNetwork, List, List)}, but for gradients
     */
    public List<Posteriors> posteriors(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        return gate.alone(() -> engine.posteriors(joint, members(joint, batch, bands)));
    }

    /** All nodes of each utterance's lattice. */
    private static List<Band> full(List<Utterance> batch) {
        return Require.all(batch, "batch").stream()
                .map(u -> Band.full(u.frames(), u.labelCount()))
                .toList();
    }

    /** The batch, checked. */
    private List<Member> members(JointNetwork joint, List<Utterance> batch, List<Band> bands) {
        Require.given(joint, "joint");
        List<Utterance> utterances = Require.all(batch, "batch");
        List<Band> nodes = Require.all(bands, "bands");
        Require.that(utterances.size() == nodes.size(), "%d utterances have %d bands", utterances.size(), nodes.size());
        Checks.blank(options.lattice().blank(), joint.vocabulary());
        List<Member> members = new ArrayList<>();
        for (int b = 0; b < utterances.size(); b++) {
            Utterance utterance = utterances.get(b);
            Require.that(
                    utterance.encoder().value().columns() == joint.width(),
                    "utterance %s: encoder width %d isn't the joint width %d",
                    utterance.name(),
                    utterance.encoder().value().columns(),
                    joint.width());
            Checks.labels(
                    utterance.name(), utterance.labels(), options.lattice().blank(), joint.vocabulary());
            Checks.band(utterance.name(), nodes.get(b), utterance.frames(), utterance.labelCount(), options);
            members.add(Member.of(utterance, nodes.get(b)));
        }
        return members;
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
