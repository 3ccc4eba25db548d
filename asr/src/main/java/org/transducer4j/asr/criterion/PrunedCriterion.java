package org.transducer4j.asr.criterion;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.method.PrunedBand;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.torch.loss.HeadInput;
import org.transducer4j.torch.loss.HeadLoss;
import org.transducer4j.torch.loss.SimpleHead;

/**
 * The transducer loss where a simple joiner of two branches looks, and the simple joiner's own (Kuang et al. 2022, arXiv
 * 2206.13236).
 */
public final class PrunedCriterion implements Criterion {
    private static final String ENCODER = "simple.encoder";
    private static final String PREDICTOR = "simple.predictor";

    /** The loss, as it is registered. */
    public PrunedCriterion() {}

    @Override
    public String name() {
        return new PrunedBand().name();
    }

    @Override
    public Set<String> branches(ObjectiveOptions options) {
        return Set.of(ENCODER, PREDICTOR);
    }

    @Override
    public void check(ObjectiveOptions options) {
        rule(options);
        if (options.hat()) {
            throw new IllegalArgumentException(
                    "HAT doesn't go with pruned: the simple joiner has one softmax over blank and labels");
        }
    }

    private static PrunedBand rule(ObjectiveOptions options) {
        if (options.method().band() instanceof PrunedBand rule) {
            return rule;
        }
        throw new IllegalArgumentException("the loss pruned is over a band pruned, got "
                + options.method().band().word());
    }

    @Override
    public CriterionLoss open(CriterionSetup setup) {
        return new Loss(setup, this);
    }

    private static final class Loss implements CriterionLoss {
        private final PrunedOptions how;
        private final Pruning pruning;
        private final LossOptions simpleOptions;
        private final ModelConfig config;
        private final LatticeLoss lattice;
        private final SimpleHead simple;

        Loss(CriterionSetup setup, Criterion criterion) {
            PrunedBand rule = rule(setup.options());
            how = setup.options().pruned();
            pruning = new Pruning(rule.range(), how.rule());
            config = setup.model().config();
            lattice = new LatticeLoss(
                    setup,
                    criterion,
                    (utterance, frames) -> rule.planned(
                            frames, utterance.labels().length, config.size().topology()));
            simpleOptions = setup.lossOptions(criterion).forSimpleJoiner();
            simple = new SimpleHead(simpleOptions, how.joiner(), pruning);
        }

        @Override
        public HeadLoss training(CriterionInput input) {
            HeadInput head = input.head();
            SimpleHead.Result first = simple.loss(
                    input.branch(ENCODER, head.encoder()),
                    input.branch(PREDICTOR, head.predictor()),
                    head.frames(),
                    head.labels(),
                    head.names(),
                    Reduction.MEAN);
            HeadLoss second = lattice.within(head.within(first.bands()));
            return WeightedSum.of(second, how.prunedScale(input.step()), first.loss(), how.simpleScale(input.step()));
        }

        @Override
        public LossResult validation(CriterionInput input) {
            return lattice.validation(input);
        }

        @Override
        public List<BudgetPlan> budget(boolean training) {
            List<BudgetPlan> plans = new ArrayList<>();
            if (training) {
                plans.add(new SimplePlan(simpleOptions, config, how.joiner(), pruning));
            }
            plans.addAll(lattice.budget(training));
            return plans;
        }

        @Override
        public void close() {
            lattice.close();
            simple.close();
        }
    }
}
