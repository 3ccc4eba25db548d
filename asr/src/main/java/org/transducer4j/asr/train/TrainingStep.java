package org.transducer4j.asr.train;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.Reduction;
import org.transducer4j.torch.AdamW;
import org.transducer4j.torch.HeadInput;
import org.transducer4j.torch.HeadLoss;
import org.transducer4j.torch.LossHead;
import org.transducer4j.torch.Torch;

/**
 * One batch through the model: forward, loss, backward, optimiser.
 *
 * <p>An utterance whose loss isn't finite is named, and the step is repeated without it: NaN in its activations would reach the
 * weights' gradients even where the loss's gradient is zero.
 */
final class TrainingStep {
    private final TransducerModel model;
    private final LossHead head;
    private final AdamW optimizer;
    private final Consumer<String> warnings;

    TrainingStep(TransducerModel model, LossHead head, AdamW optimizer, Consumer<String> warnings) {
        this.model = model;
        this.head = head;
        this.optimizer = optimizer;
        this.warnings = warnings;
    }

    static HeadInput input(TransducerModel model, LabelledBatch batch, Tensor encoded, boolean training) {
        return model.headInput(encoded, batch.padded().frames(), batch.labels(), batch.names(), training);
    }

    StepOutcome run(LabelledBatch batch, double rate, long dropoutSeed) {
        LabelledBatch current = batch;
        int skipped = 0;
        long peak = 0;
        while (true) {
            try (PointerScope _ = new PointerScope()) {
                Torch.seed(dropoutSeed);
                Tensor encoded =
                        model.encode(model.input(current.padded()), null, true).output();
                HeadLoss loss = head.loss(input(model, current, encoded, true), Reduction.MEAN);
                peak = Math.max(peak, loss.result().peakScratchBytes());
                List<Integer> bad = loss.result().skipped();
                if (bad.isEmpty()) {
                    model.parameters().zeroGradients();
                    loss.value().backward();
                    double norm = optimizer.step(rate);
                    if (Double.isFinite(norm)) {
                        return new StepOutcome(
                                loss.result().sum(),
                                loss.result().counted(),
                                skipped,
                                batch.seconds(),
                                peak,
                                norm,
                                rate);
                    }
                    warnings.accept("the gradient of the batch with " + String.join(", ", current.names()) + " is "
                            + norm + ": the batch is skipped");
                    return new StepOutcome(0, 0, batch.entries().size(), batch.seconds(), peak, norm, rate);
                }
                List<String> names = current.names();
                for (int b : bad) {
                    warnings.accept("the loss of utterance " + names.get(b) + " is "
                            + loss.result().losses()[b] + ": it is skipped");
                }
                skipped += bad.size();
                if (bad.size() == current.entries().size()) {
                    return new StepOutcome(0, 0, skipped, batch.seconds(), peak, Double.NaN, rate);
                }
                Set<Integer> indices = new HashSet<>(bad);
                current = current.without(indices, model.scaling());
            }
        }
    }
}
