package org.transducer4j.toy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.transducer4j.asr.criterion.BudgetPlan;
import org.transducer4j.asr.criterion.Criterion;
import org.transducer4j.asr.criterion.CriterionInput;
import org.transducer4j.asr.criterion.CriterionLoss;
import org.transducer4j.asr.criterion.CriterionSetup;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.loss.HeadLoss;

/**
 * A criterion from outside: which words are said, whatever their order. The logits of a branch of its own, averaged over the frames, give one
 * distribution, in which each label should be probable.
 *
 * @param sharpness factor on the logits
 */
public record ToyCriterion(double sharpness) implements Criterion {
    private static final String BRANCH = "toy";

    /** As it is registered. */
    public ToyCriterion() {
        this(1);
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Criterion with(String arguments) {
        return new ToyCriterion(Double.parseDouble(arguments));
    }

    @Override
    public boolean hasLattice() {
        return false;
    }

    @Override
    public Set<String> branches(ObjectiveOptions options) {
        return Set.of(BRANCH);
    }

    @Override
    public CriterionLoss open(CriterionSetup setup) {
        return new CriterionLoss() {
            @Override
            public HeadLoss training(CriterionInput input) {
                return loss(input);
            }

            @Override
            public LossResult validation(CriterionInput input) {
                return loss(input).result();
            }

            @Override
            public List<BudgetPlan> budget(boolean training) {
                return List.of();
            }

            @Override
            public void close() {}
        };
    }

    private HeadLoss loss(CriterionInput input) {
        int[][] labels = input.batch().labels();
        Tensor logits = input.branch(BRANCH).mul(new Scalar(sharpness));
        TensorVector losses = new TensorVector();
        List<Double> values = new ArrayList<>();
        for (int b = 0; b < labels.length; b++) {
            Tensor mean = logits.select(0, b).narrow(0, 0, input.frames()[b]).mean(0);
            Tensor logProbs = torch.log_softmax(mean, 0, new ScalarTypeOptional());
            long[] said = new long[labels[b].length];
            for (int u = 0; u < said.length; u++) {
                said[u] = labels[b][u];
            }
            Tensor loss =
                    logProbs.gather(0, Tensors.indices(said, said.length)).sum().neg();
            losses.push_back(loss);
            values.add(loss.item_double());
        }
        return new HeadLoss(
                torch.stack(losses, 0).mean(),
                LossResult.of(values.stream().mapToDouble(Double::doubleValue).toArray(), List.of()));
    }
}
