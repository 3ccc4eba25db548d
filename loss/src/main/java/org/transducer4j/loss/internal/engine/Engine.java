package org.transducer4j.loss.internal.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.kernel.Group;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.BestPath;

/**
 * Drives the kernels: forward over a group's tiles, alpha and beta of each utterance, backward over the group's tiles,
 * next group. Gradients are pushed back tile by tile; nothing of a tile survives it.
 *
 * <p>Where one tile holds the whole group, its logits are kept from forward to backward. Where not, they are made a
 * second time, last tile first, since that one is still there.
 */
public final class Engine {
    private final Kernels kernels;
    private final LossOptions options;

    /**
     * An engine.
     *
     * @param kernels what computes
     * @param options how
     */
    public Engine(Kernels kernels, LossOptions options) {
        this.kernels = kernels;
        this.options = options;
    }

    /**
     * Losses and gradients of a batch.
     *
     * @param joint the joint network
     * @param batch checked utterances with their bands
     * @param reduction what the gradients are of
     * @return the losses
     */
    public LossResult run(JointNetwork joint, List<Member> batch, Reduction reduction) {
        kernels.resetPeak();
        boolean gradients = wantsGradients(joint, batch);
        Sums sums = new Sums(batch.size());
        try (Head head = kernels.head(joint, gradients)) {
            List<Planner.Plan> plans = plans(head, batch, gradients);
            head.prepare(batch, Planner.room(options.schedule(), batch));
            for (Planner.Plan plan : plans) {
                try (Group group = begin(head, plan)) {
                    run(group, plan, gradients, sums);
                }
            }
            // Only now is known how many count.
            float factor = (float) reduction.factor(batch.size() - sums.skipped.size());
            for (Member member : batch) {
                scale(member.utterance().encoder(), factor);
                scale(member.utterance().predictor(), factor);
            }
            head.finish(factor);
        }
        return LossResult.of(sums.losses, sums.skipped)
                .withNodes(sums.nodes, sums.nodesBackward, sums.nodesAgain)
                .withLeftOut(sums.leftOut, (options.lattice().hat() ? 3 : 2) * sums.leftOut)
                .withPeakScratchBytes(kernels.peakScratchBytes());
    }

    /**
     * The most probable path of each utterance of a batch.
     *
     * @param joint the joint network
     * @param batch checked utterances with their bands
     * @return the paths
     */
    public List<BestPath> bestPaths(JointNetwork joint, List<Member> batch) {
        kernels.resetPeak();
        List<BestPath> paths = new ArrayList<>();
        try (Head head = kernels.head(joint, false)) {
            for (Planner.Plan plan : plans(head, batch, false)) {
                try (Group group = begin(head, plan)) {
                    forward(group, plan);
                    paths.addAll(group.bestPaths());
                }
            }
        }
        return paths;
    }

    /**
     * What {@link #run} would hold and compute; nothing is computed.
     *
     * @param joint the joint network
     * @param batch checked utterances with their bands, at least one
     * @return the plan
     */
    public MemoryPlan plan(JointNetwork joint, List<Member> batch) {
        boolean gradients = wantsGradients(joint, batch);
        try (Head head = kernels.head(joint, gradients)) {
            return planner(head, batch, gradients).cost(options.schedule(), batch);
        }
    }

    /**
     * The posteriors of each utterance's edges.
     *
     * @param joint the joint network
     * @param batch checked utterances with their bands
     * @return the posteriors
     */
    public List<Posteriors> posteriors(JointNetwork joint, List<Member> batch) {
        kernels.resetPeak();
        List<Posteriors> posteriors = new ArrayList<>();
        try (Head head = kernels.head(joint, false)) {
            for (Planner.Plan plan : plans(head, batch, false)) {
                try (Group group = begin(head, plan)) {
                    forward(group, plan);
                    group.solve();
                    posteriors.addAll(group.posteriors());
                }
            }
        }
        return posteriors;
    }

    private List<Planner.Plan> plans(Head head, List<Member> batch, boolean gradients) {
        return batch.isEmpty() ? List.of() : planner(head, batch, gradients).plan(options.schedule(), batch);
    }

    private Planner planner(Head head, List<Member> batch, boolean gradients) {
        return new Planner(head, options.memoryBudget(), gradients, Planner.room(options.schedule(), batch));
    }

    private Group begin(Head head, Planner.Plan plan) {
        return head.begin(
                plan.members(),
                Math.toIntExact(plan.tileRows()),
                options.lattice(),
                options.memoryBudget().bytes());
    }

    /** All tiles; the last one's logits stay. */
    private static void forward(Group group, Planner.Plan plan) {
        for (int tile = 0; tile < plan.tiles(); tile++) {
            group.forward(plan.begin(tile), plan.rowsOf(tile));
        }
    }

    /** What comes together over the groups. */
    private static final class Sums {
        final double[] losses;
        final List<Integer> skipped = new ArrayList<>();
        long nodes;
        long nodesBackward;
        long nodesAgain;
        double leftOut;

        Sums(int utterances) {
            losses = new double[utterances];
        }
    }

    private void run(Group group, Planner.Plan plan, boolean gradients, Sums sums) {
        forward(group, plan);
        sums.nodes += plan.rows();
        double[] losses = group.solve();
        boolean[] take = new boolean[losses.length];
        Arrays.fill(take, true);
        for (int i = 0; i < losses.length; i++) {
            int b = plan.from() + i;
            sums.losses[b] = losses[i];
            if (!Double.isFinite(losses[i])) {
                if (options.nonFinite() == NonFinite.FAIL) {
                    Utterance utterance = plan.members().get(i).utterance();
                    throw new NonFiniteLossException(utterance.name(), losses[i]);
                }
                sums.skipped.add(b);
                take[i] = false;
            }
        }
        if (!gradients) {
            return;
        }
        Group.Kept kept = group.keep(options.occupancyFloor(), take);
        sums.nodesBackward += kept.rows();
        sums.leftOut += kept.leftOut();
        for (int tile = plan.tiles() - 1; tile >= 0; tile--) {
            if (tile < plan.tiles() - 1) {
                sums.nodesAgain += group.again(plan.begin(tile), plan.rowsOf(tile));
            }
            group.backward(plan.begin(tile), plan.rowsOf(tile), options.clamp());
        }
        group.finish();
    }

    private static boolean wantsGradients(JointNetwork joint, List<Member> batch) {
        return joint.weight().gradient() != null
                || joint.bias().gradient() != null
                || batch.stream()
                        .map(Member::utterance)
                        .anyMatch(u ->
                                u.encoder().gradient() != null || u.predictor().gradient() != null);
    }

    private void scale(Parameter parameter, float factor) {
        if (factor != 1 && parameter.gradient() != null) {
            kernels.scale(parameter.gradient(), factor);
        }
    }
}
