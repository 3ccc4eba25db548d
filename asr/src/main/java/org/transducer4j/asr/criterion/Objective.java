package org.transducer4j.asr.criterion;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.ModelConfig.Branch;
import org.transducer4j.asr.model.ModelConfig.Criterion;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.speech.token.TokenTimes;
import org.transducer4j.torch.loss.CtcHead;
import org.transducer4j.torch.loss.HeadInput;
import org.transducer4j.torch.loss.HeadLoss;
import org.transducer4j.torch.loss.LossHead;
import org.transducer4j.torch.loss.SimpleHead;

/**
 * What a training makes small: the loss that its options name, of a model on a batch. Validation takes the exact loss of the
 * model's criterion, so that trainings by different methods can be compared.
 */
public final class Objective implements AutoCloseable {
    private final ObjectiveOptions options;
    private final TransducerModel model;
    private final LossHead transducer;
    private final @Nullable SimpleHead simple;
    private final @Nullable CtcHead ctc;

    /**
     * @param transducer makes the transducer's loss
     */
    public Objective(
            ObjectiveOptions options, TransducerModel model, int threads, Function<LossOptions, LossHead> transducer) {
        this.options = options;
        this.model = model;
        LossOptions how = options.lossOptions(model.config().lattice(), threads);
        this.transducer = transducer.apply(how);
        simple = options.method() == ObjectiveOptions.Method.PRUNED
                ? new SimpleHead(
                        how.forSimpleJoiner(),
                        options.pruned().joiner(),
                        options.pruned().pruning())
                : null;
        ctc = options.branches().contains(Branch.CTC) ? new CtcHead(how.forCtc()) : null;
    }

    /** The mean loss of a batch in training, after so many batches. */
    public HeadLoss training(LabelledBatch batch, Tensor encoded, long step) {
        if (model.config().criterion() == Criterion.CTC) {
            return ctc(batch, encoded, Reduction.MEAN);
        }
        HeadInput input = input(batch, encoded, true);
        HeadLoss loss = switch (options.method()) {
            case ALIGNED -> aligned(batch, input);
            case PRUNED -> pruned(input, step);
            case EXACT, CTC -> transducer.loss(input, Reduction.MEAN);
        };
        return ctc == null ? loss : sum(loss, 1, ctc(batch, encoded, Reduction.MEAN), options.ctcScale());
    }

    /** The exact losses of a batch, without gradients. */
    public LossResult validation(LabelledBatch batch, Tensor encoded) {
        HeadLoss loss = model.config().criterion() == Criterion.CTC
                ? ctc(batch, encoded, Reduction.SUM)
                : transducer.loss(input(batch, encoded, false), Reduction.SUM);
        return loss.result();
    }

    private HeadInput input(LabelledBatch batch, Tensor encoded, boolean training) {
        return model.headInput(encoded, batch.padded().frames(), batch.labels(), batch.names(), training);
    }

    private HeadLoss ctc(LabelledBatch batch, Tensor encoded, Reduction reduction) {
        if (ctc == null) {
            throw new IllegalStateException("the objective has no CTC part");
        }
        Tensor logits = model.ctc().forward(encoded).contiguous();
        return ctc.loss(logits, batch.padded().frames(), batch.labels(), batch.names(), reduction);
    }

    private HeadLoss aligned(LabelledBatch batch, HeadInput input) {
        List<Band> bands = new ArrayList<>();
        List<Integer> lost = new ArrayList<>();
        List<TrainingUtterance> utterances = batch.utterances();
        for (int b = 0; b < utterances.size(); b++) {
            int frames = input.frames()[b];
            TrainingUtterance utterance = utterances.get(b);
            TokenTimes times = utterance.times();
            if (times == null) {
                throw new IllegalStateException("utterance " + utterance.title() + " has no times of its tokens");
            }
            try {
                bands.add(options.aligned().band(utterance.title(), times, frames, model));
            } catch (IllegalArgumentException e) {
                // At another speed frames may fall so that none is left for a token; at its own speed each has a path.
                lost.add(b);
            }
        }
        return lost.isEmpty() ? transducer.loss(input.within(bands), Reduction.MEAN) : without(lost, utterances.size());
    }

    /** No loss yet: the step is taken again without these. */
    private static HeadLoss without(List<Integer> lost, int batch) {
        double[] losses = new double[batch];
        lost.forEach(b -> losses[b] = Double.POSITIVE_INFINITY);
        return new HeadLoss(torch.tensor(0f), new LossResult(losses, lost, 0, 0, 0, 0, 0, 0));
    }

    private HeadLoss pruned(HeadInput input, long step) {
        if (simple == null) {
            throw new IllegalStateException("the objective has no simple joiner");
        }
        SimpleHead.Result first = simple.loss(
                model.simpleEncoder().forward(input.encoder()).contiguous(),
                model.simplePredictor().forward(input.predictor()).contiguous(),
                input.frames(),
                input.labels(),
                input.names(),
                Reduction.MEAN);
        HeadLoss second = transducer.loss(input.within(first.bands()), Reduction.MEAN);
        PrunedOptions how = options.pruned();
        return sum(second, how.prunedScale(step), first.loss(), how.simpleScale(step));
    }

    /** A weighted sum; the losses of utterances are those of the first, unless the second's aren't finite. */
    private static HeadLoss sum(HeadLoss a, double scaleA, HeadLoss b, double scaleB) {
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

    @Override
    public void close() {
        transducer.close();
        if (simple != null) {
            simple.close();
        }
        if (ctc != null) {
            ctc.close();
        }
    }
}
