package org.transducer4j.asr.criterion;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.SimpleLoss;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.method.Pruning;

/**
 * What a simple joiner's loss needs of the memory budget in training.
 *
 * @param options of the loss
 * @param config of the model
 * @param joiner how far its parts count alone
 * @param pruning how bands are chosen
 */
record SimplePlan(LossOptions options, ModelConfig config, SimpleJoiner joiner, Pruning pruning) implements BudgetPlan {
    @Override
    public Optional<String> refusal(List<UtteranceShape> batch) {
        try (Arena arena = Arena.ofShared();
                SimpleLoss loss = SimpleLoss.open(options.withThreads(1), joiner, pruning)) {
            Shapes shapes = new Shapes(arena, batch, true);
            Parameter am = shapes.ofFrames(config.vocabulary());
            Parameter lm = shapes.ofPositions(config.vocabulary());
            return loss.plan(batch.stream()
                            .map(shape -> new Utterance(
                                    shape.title(),
                                    Shapes.rows(am, shape.frames()),
                                    Shapes.rows(lm, shape.labels() + 1L),
                                    shape.utterance().labels()))
                            .toList())
                    .refusal();
        }
    }
}
