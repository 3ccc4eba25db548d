package org.transducer4j.asr.criterion;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.torch.loss.HeadInput;
import org.transducer4j.torch.loss.HeadLoss;
import org.transducer4j.torch.loss.LossHead;

/** The transducer loss over bands that are known before it is computed; the exact one in validation. */
final class LatticeLoss implements CriterionLoss {
    private final LossOptions options;
    private final ModelConfig config;
    private final @Nullable UtteranceBand bands;
    private final LossHead head;

    /** Over the bands that it is given, or over whole lattices. */
    LatticeLoss(CriterionSetup setup, Criterion criterion, @Nullable UtteranceBand bands) {
        options = setup.lossOptions(criterion);
        config = setup.model().config();
        this.bands = bands;
        head = setup.heads().apply(options);
    }

    @Override
    public HeadLoss training(CriterionInput input) {
        UtteranceBand known = bands;
        if (known == null) {
            return within(input.head());
        }
        List<Band> limits = new ArrayList<>();
        List<Integer> lost = new ArrayList<>();
        List<TrainingUtterance> utterances = input.batch().utterances();
        for (int b = 0; b < utterances.size(); b++) {
            try {
                limits.add(known.of(utterances.get(b), input.frames()[b]));
            } catch (IllegalArgumentException e) {
                // At another speed frames may fall so that none is left for a token; at its own speed each has a path.
                lost.add(b);
            }
        }
        return lost.isEmpty() ? within(input.head().within(limits)) : without(lost, utterances.size());
    }

    /** The mean loss of a batch over the bands that the input has. */
    HeadLoss within(HeadInput input) {
        return head.loss(input, Reduction.MEAN);
    }

    /** No loss yet: the step is taken again without these. */
    private static HeadLoss without(List<Integer> lost, int batch) {
        double[] losses = new double[batch];
        lost.forEach(b -> losses[b] = Double.POSITIVE_INFINITY);
        return new HeadLoss(torch.tensor(0f), LossResult.of(losses, lost));
    }

    @Override
    public LossResult validation(CriterionInput input) {
        return head.loss(input.head(), Reduction.SUM).result();
    }

    @Override
    public List<BudgetPlan> budget(boolean training) {
        UtteranceBand known = bands;
        return List.of(
                new LatticePlan(options, config, known == null || !training ? UtteranceBand.FULL : known, training));
    }

    @Override
    public void close() {
        head.close();
    }
}
