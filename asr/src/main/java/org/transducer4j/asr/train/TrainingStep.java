package org.transducer4j.asr.train;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.transducer4j.asr.criterion.CriterionInput;
import org.transducer4j.asr.criterion.CriterionLoss;
import org.transducer4j.asr.criterion.LabelledBatch;
import org.transducer4j.asr.encoder.Encoded;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.torch.AdamWOptimizer;
import org.transducer4j.torch.Torch;
import org.transducer4j.torch.loss.HeadLoss;

/**
 * One batch through the model: forward, loss, backward, optimiser.
 *
 * <p>An utterance whose loss isn't finite is named, and the step is repeated without it: NaN in its activations would reach the
 * weights' gradients even where the loss's gradient is zero.
 */
final class TrainingStep {
    private final TransducerModel model;
    private final CriterionLoss criterion;
    private final AdamWOptimizer optimizer;
    private final StepClock clock;
    private final Consumer<String> warnings;

    TrainingStep(
            TransducerModel model,
            CriterionLoss criterion,
            AdamWOptimizer optimizer,
            StepClock clock,
            Consumer<String> warnings) {
        this.model = model;
        this.criterion = criterion;
        this.optimizer = optimizer;
        this.clock = clock;
        this.warnings = warnings;
    }

    StepOutcome run(LabelledBatch batch, long step, double rate, long dropoutSeed) {
        LabelledBatch current = batch;
        int skipped = 0;
        long peak = 0;
        while (true) {
            try (PointerScope _ = new PointerScope()) {
                Torch.seed(dropoutSeed);
                Encoded encoded = model.encode(current.padded(), true);
                clock.was(StepClock.Part.ENCODER);
                HeadLoss loss = criterion.training(CriterionInput.training(model, current, encoded.output(), step));
                clock.was(StepClock.Part.LOSS);
                peak = Math.max(peak, loss.result().peakScratchBytes());
                List<Integer> bad = loss.result().skipped();
                if (bad.isEmpty()) {
                    model.parameters().zeroGradients();
                    loss.value().backward();
                    encoded.backward();
                    clock.was(StepClock.Part.BACKWARD);
                    double norm = optimizer.step(rate);
                    clock.was(StepClock.Part.OPTIMIZER);
                    if (Double.isFinite(norm)) {
                        return new StepOutcome(
                                loss.result().sum(),
                                loss.result().counted(),
                                skipped,
                                batch.seconds(),
                                peak,
                                loss.result().nodes(),
                                loss.result().nodesBackward(),
                                norm,
                                rate);
                    }
                    warnings.accept("the gradient of the batch with " + String.join(", ", current.names()) + " is "
                            + norm + ": the batch is skipped");
                    return StepOutcome.nothing(batch.utterances().size(), batch.seconds(), peak, norm, rate);
                }
                List<String> names = current.names();
                for (int b : bad) {
                    warnings.accept("the loss of utterance " + names.get(b) + " is "
                            + loss.result().losses()[b] + ": it is skipped");
                }
                skipped += bad.size();
                if (bad.size() == current.utterances().size()) {
                    return StepOutcome.nothing(skipped, batch.seconds(), peak, Double.NaN, rate);
                }
                Set<Integer> indices = new HashSet<>(bad);
                current = current.without(indices, model);
            }
        }
    }
}
