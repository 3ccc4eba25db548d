package org.transducer4j.asr.criterion;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.loss.HeadLoss;

/**
 * Several criteria at once, each with its weight. The first is what the model is for: validation is by it, and how the model's output
 * is read.
 *
 * @param parts the criteria, two or more
 */
record WeightedSum(List<Part> parts) implements Criterion {
    /**
     * A criterion with its weight.
     *
     * @param criterion the criterion
     * @param weight its factor
     */
    record Part(Criterion criterion, double weight) {}

    WeightedSum {
        parts = List.copyOf(parts);
    }

    private Criterion first() {
        return parts.getFirst().criterion();
    }

    @Override
    public String name() {
        return parts.stream().map(part -> part.criterion().name()).collect(Collectors.joining("+"));
    }

    @Override
    public boolean hasLattice() {
        return parts.stream().anyMatch(part -> part.criterion().hasLattice());
    }

    @Override
    public Set<String> branches(ObjectiveOptions options) {
        return parts.stream()
                .flatMap(part -> part.criterion().branches(options).stream())
                .collect(Collectors.toSet());
    }

    @Override
    public ModelConfig.Criterion reading(ObjectiveOptions options) {
        return first().reading(options);
    }

    @Override
    public void check(ObjectiveOptions options) {
        parts.forEach(part -> part.criterion().check(options));
    }

    @Override
    public boolean needsTimes(ObjectiveOptions options) {
        return parts.stream().anyMatch(part -> part.criterion().needsTimes(options));
    }

    @Override
    public List<TrainingUtterance> prepared(
            List<TrainingUtterance> utterances, ObjectiveOptions options, Tokenizer tokens, TransducerModel model) {
        List<TrainingUtterance> prepared = utterances;
        for (Part part : parts) {
            prepared = part.criterion().prepared(prepared, options, tokens, model);
        }
        return prepared;
    }

    @Override
    public CriterionLoss open(CriterionSetup setup) {
        List<CriterionLoss> opened = new ArrayList<>();
        try {
            parts.forEach(part -> opened.add(part.criterion().open(setup)));
        } catch (RuntimeException e) {
            opened.forEach(CriterionLoss::close);
            throw e;
        }
        return new Loss(parts, opened);
    }

    private record Loss(List<Part> parts, List<CriterionLoss> opened) implements CriterionLoss {
        @Override
        public HeadLoss training(CriterionInput input) {
            HeadLoss sum = opened.getFirst().training(input);
            for (int i = 1; i < opened.size(); i++) {
                sum = of(sum, 1, opened.get(i).training(input), parts.get(i).weight());
            }
            return sum;
        }

        @Override
        public LossResult validation(CriterionInput input) {
            return opened.getFirst().validation(input);
        }

        @Override
        public List<BudgetPlan> budget(boolean training) {
            return training
                    ? opened.stream().flatMap(one -> one.budget(true).stream()).toList()
                    : opened.getFirst().budget(false);
        }

        @Override
        public void close() {
            opened.forEach(CriterionLoss::close);
        }
    }

    /** A weighted sum; the losses of utterances are those of the first, unless the second's aren't finite. */
    static HeadLoss of(HeadLoss a, double scaleA, HeadLoss b, double scaleB) {
        LossResult one = a.result();
        LossResult two = b.result();
        double[] losses = one.losses().clone();
        for (int skipped : two.skipped()) {
            losses[skipped] = two.losses()[skipped];
        }
        TreeSet<Integer> skipped = new TreeSet<>(one.skipped());
        skipped.addAll(two.skipped());
        Tensor value = a.value().mul(new Scalar(scaleA)).add(b.value().mul(new Scalar(scaleB)));
        return new HeadLoss(
                value,
                new LossResult(
                        losses,
                        List.copyOf(skipped),
                        one.nodes(),
                        one.nodesBackward(),
                        one.nodesAgain(),
                        one.leftOut(),
                        one.gradientErrorBound(),
                        one.peakScratchBytes() + two.peakScratchBytes())); // each keeps its workspace
    }
}
