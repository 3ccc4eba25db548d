package org.transducer4j.asr.criterion;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.CtcLoss;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.method.Method;
import org.transducer4j.torch.loss.CtcHead;
import org.transducer4j.torch.loss.HeadLoss;

/** The loss of Graves et al. 2006, on a branch of the encoder's own. */
public final class CtcCriterion implements Criterion {
    /** The loss, as it is registered. */
    public CtcCriterion() {}

    @Override
    public String name() {
        return Method.CTC;
    }

    @Override
    public boolean hasLattice() {
        return false;
    }

    @Override
    public Set<String> branches(ObjectiveOptions options) {
        return Set.of(ModelConfig.CTC_BRANCH);
    }

    @Override
    public ModelConfig.Criterion reading(ObjectiveOptions options) {
        return ModelConfig.Criterion.CTC;
    }

    @Override
    public LossOptions lossOptions(ObjectiveOptions options, LatticeOptions lattice) {
        return LossOptions.defaults()
                .withBlank(lattice.blank())
                .withMemoryBudget(options.memoryBudget())
                .withClamp(options.clamp())
                .withThreads(1)
                .withNonFinite(NonFinite.SKIP);
    }

    @Override
    public CriterionLoss open(CriterionSetup setup) {
        return new Loss(setup.lossOptions(this), setup.model().config());
    }

    private static final class Loss implements CriterionLoss {
        private final LossOptions options;
        private final ModelConfig config;
        private final CtcHead head;

        Loss(LossOptions options, ModelConfig config) {
            this.options = options;
            this.config = config;
            head = new CtcHead(options);
        }

        private HeadLoss loss(CriterionInput input, Reduction reduction) {
            return head.loss(
                    input.branch(ModelConfig.CTC_BRANCH),
                    input.frames(),
                    input.batch().labels(),
                    input.batch().names(),
                    reduction);
        }

        @Override
        public HeadLoss training(CriterionInput input) {
            return loss(input, Reduction.MEAN);
        }

        @Override
        public LossResult validation(CriterionInput input) {
            return loss(input, Reduction.SUM).result();
        }

        @Override
        public List<BudgetPlan> budget(boolean training) {
            return List.of(batch -> refusal(batch, training));
        }

        private Optional<String> refusal(List<UtteranceShape> batch, boolean gradients) {
            try (Arena arena = Arena.ofShared();
                    CtcLoss loss = CtcLoss.open(options.withThreads(1))) {
                Parameter logits = new Shapes(arena, batch, gradients).ofFrames(config.vocabulary());
                return loss.plan(batch.stream()
                                .map(shape -> new CtcUtterance(
                                        shape.title(),
                                        Shapes.rows(logits, shape.frames()),
                                        shape.utterance().labels()))
                                .toList())
                        .refusal();
            }
        }

        @Override
        public void close() {
            head.close();
        }
    }
}
