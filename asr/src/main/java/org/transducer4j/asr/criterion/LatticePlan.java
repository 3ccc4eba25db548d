package org.transducer4j.asr.criterion;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.Schedule;

/**
 * What the transducer's loss needs of the memory budget.
 *
 * @param options of the loss
 * @param config of the model
 * @param bands which nodes exist; where it finds no path, all of them
 * @param gradients whether there is a backward pass
 */
public record LatticePlan(LossOptions options, ModelConfig config, UtteranceBand bands, boolean gradients)
        implements BudgetPlan {
    private Band band(UtteranceShape shape) {
        try {
            return bands.of(shape.utterance(), shape.frames());
        } catch (IllegalArgumentException e) {
            return Band.full(shape.frames(), shape.labels());
        }
    }

    @Override
    public long nodes(UtteranceShape shape) {
        return band(shape).nodes();
    }

    @Override
    public boolean dependsOnBatches() {
        return switch (options.schedule()) {
            case Schedule.Batched _, Schedule.Split _, Schedule.Packed _ -> true;
            case Schedule.SampleWise _, Schedule.Tiled _ -> false;
        };
    }

    @Override
    public long rowsInFlight(List<UtteranceShape> batch) {
        return switch (options.schedule()) {
            case Schedule.Batched _ -> padded(batch);
            case Schedule.Split split -> {
                long rows = 0;
                for (int from = 0; from < batch.size(); from += split.size()) {
                    rows = Math.max(rows, padded(batch.subList(from, Math.min(batch.size(), from + split.size()))));
                }
                yield rows;
            }
            case Schedule.Packed _ -> batch.stream().mapToLong(this::nodes).sum();
            case Schedule.SampleWise _, Schedule.Tiled _ ->
                batch.stream().mapToLong(this::nodes).max().orElse(0);
        };
    }

    private static long padded(List<UtteranceShape> batch) {
        int frames = batch.stream().mapToInt(UtteranceShape::frames).max().orElse(0);
        int positions = batch.stream().mapToInt(UtteranceShape::labels).max().orElse(0) + 1;
        return (long) batch.size() * frames * positions;
    }

    @Override
    public Optional<String> refusal(List<UtteranceShape> batch) {
        int width = config.size().jointWidth();
        try (Arena arena = Arena.ofShared();
                TransducerLoss loss = TransducerLoss.open(options.withThreads(1))) {
            Shapes shapes = new Shapes(arena, batch, gradients);
            Parameter encoder = shapes.ofFrames(width);
            Parameter predictor = shapes.ofPositions(width);
            JointNetwork joint = new JointNetwork(
                    config.activation(), shapes.of(config.vocabulary(), width), shapes.of(1, config.vocabulary()));
            List<Utterance> utterances = new ArrayList<>();
            List<Band> limits = new ArrayList<>();
            for (UtteranceShape shape : batch) {
                utterances.add(new Utterance(
                        shape.title(),
                        Shapes.rows(encoder, shape.frames()),
                        Shapes.rows(predictor, shape.labels() + 1L),
                        shape.utterance().labels()));
                limits.add(band(shape));
            }
            return loss.plan(joint, utterances, limits).refusal();
        }
    }
}
