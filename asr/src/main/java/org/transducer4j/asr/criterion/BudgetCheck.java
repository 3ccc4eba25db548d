package org.transducer4j.asr.criterion;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.Schedule;
import org.transducer4j.speech.BadInputException;

/**
 * Finds the batch of a training that needs the most memory for its loss, and refuses the training before its first step if
 * that doesn't fit the budget.
 */
public final class BudgetCheck {
    private final LossOptions options;
    private final ModelConfig config;
    private final double frameSeconds;

    /** What sound lasts at the lowest speed, as a factor. */
    private final double stretch;

    private List<Size> worst = List.of();
    private long most = -1;

    private record Size(String name, int frames, int labels) {
        long nodes() {
            return frames * (labels + 1L);
        }
    }

    /**
     * @param options of the loss
     * @param model that is trained
     * @param stretch what sound lasts at the lowest speed, as a factor
     */
    public BudgetCheck(LossOptions options, TransducerModel model, double stretch) {
        this.options = options;
        config = model.config();
        frameSeconds = model.frameSeconds();
        this.stretch = stretch;
    }

    /** Whether it matters which utterances come together: else the batches of one epoch say all. */
    public boolean dependsOnBatches() {
        return switch (options.schedule()) {
            case Schedule.Batched _, Schedule.Split _, Schedule.Packed _ -> true;
            case Schedule.SampleWise _, Schedule.Tiled _ -> false;
        };
    }

    /** Takes note of batches. */
    public void add(List<List<TrainingUtterance>> batches) {
        for (List<TrainingUtterance> utterances : batches) {
            List<Size> batch = utterances.stream().map(this::size).toList();
            long rows = rowsInFlight(batch);
            if (rows > most) {
                most = rows;
                worst = batch;
            }
        }
    }

    private Size size(TrainingUtterance utterance) {
        int frames = (int) Math.ceil(utterance.seconds() * stretch / frameSeconds);
        return new Size(utterance.title(), Math.max(1, frames), utterance.labels().length);
    }

    /** What decides between batches: the rest of the memory hardly differs. */
    private long rowsInFlight(List<Size> batch) {
        return switch (options.schedule()) {
            case Schedule.Batched _ -> padded(batch);
            case Schedule.Split split -> {
                long rows = 0;
                for (int from = 0; from < batch.size(); from += split.size()) {
                    rows = Math.max(rows, padded(batch.subList(from, Math.min(batch.size(), from + split.size()))));
                }
                yield rows;
            }
            case Schedule.Packed _ -> batch.stream().mapToLong(Size::nodes).sum();
            case Schedule.SampleWise _, Schedule.Tiled _ ->
                batch.stream().mapToLong(Size::nodes).max().orElse(0);
        };
    }

    private static long padded(List<Size> batch) {
        int frames = batch.stream().mapToInt(Size::frames).max().orElse(0);
        int positions = batch.stream().mapToInt(Size::labels).max().orElse(0) + 1;
        return (long) batch.size() * frames * positions;
    }

    /**
     * Refuses the worst batch, if the budget does.
     *
     * @param gradients whether these batches are for training
     */
    public void refuse(boolean gradients) {
        if (worst.isEmpty()) {
            return;
        }
        int frames = worst.stream().mapToInt(Size::frames).max().orElseThrow();
        int positions = worst.stream().mapToInt(Size::labels).max().orElseThrow() + 1;
        int width = config.size().jointWidth();
        try (Arena arena = Arena.ofShared();
                TransducerLoss loss = TransducerLoss.open(options.withThreads(1))) {
            // Only shapes count in a plan, so all utterances share their matrices.
            Parameter encoder = parameter(arena, frames, width, gradients);
            Parameter predictor = parameter(arena, positions, width, gradients);
            JointNetwork joint = new JointNetwork(
                    config.activation(),
                    parameter(arena, config.vocabulary(), width, gradients),
                    parameter(arena, 1, config.vocabulary(), gradients));
            int label = config.blank() == 0 ? 1 : 0;
            List<Utterance> batch = new ArrayList<>();
            List<Band> bands = new ArrayList<>();
            for (Size size : worst) {
                int[] tokens = new int[size.labels];
                Arrays.fill(tokens, label);
                batch.add(new Utterance(
                        size.name, rows(encoder, size.frames), rows(predictor, size.labels + 1L), tokens));
                bands.add(Band.full(size.frames, size.labels));
            }
            loss.plan(joint, batch, bands).refusal().ifPresent(refusal -> {
                String slowest = stretch > 1 ? ", at the lowest speed" : "";
                throw new BadInputException("the largest batch of " + (gradients ? "training" : "validation") + " ("
                        + worst.size() + " utterances of up to " + frames + " frames and " + (positions - 1)
                        + " labels" + slowest + ") doesn't fit: " + refusal);
            });
        }
    }

    private static Parameter parameter(Arena arena, long rows, int columns, boolean gradient) {
        return new Parameter(Matrix.zeros(arena, rows, columns), gradient ? Matrix.zeros(arena, rows, columns) : null);
    }

    private static Parameter rows(Parameter parameter, long count) {
        Matrix gradient = parameter.gradient();
        return new Parameter(parameter.value().rows(0, count), gradient == null ? null : gradient.rows(0, count));
    }
}
