package org.transducer4j.asr.train;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.asr.criterion.CriterionInput;
import org.transducer4j.asr.criterion.CriterionLoss;
import org.transducer4j.asr.criterion.LabelledBatch;
import org.transducer4j.asr.criterion.TrainingUtterance;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.score.WordErrors;
import org.transducer4j.asr.search.Hypothesis;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.speech.token.Tokenizer;

/**
 * Loss and word errors on held-out utterances.
 *
 * @param loss mean over the utterances that count, in nats; NaN where none does
 * @param skipped utterances that don't count because their loss isn't finite
 * @param unknown utterances that don't count because they hold what the training has no token for: nothing ever taught the model when to
 *     say so, and what it makes of that would only rise while it learns
 * @param errors of greedy search, over all utterances
 */
record Validation(double loss, int skipped, int unknown, WordErrors errors) {
    static Validation run(
            TransducerModel model,
            Tokenizer tokens,
            CriterionLoss loss,
            List<List<TrainingUtterance>> batches,
            Function<List<TrainingUtterance>, LabelledBatch> load,
            int loaders) {
        Recognizer recognizer = new Recognizer(model, tokens);
        double sum = 0;
        int counted = 0;
        int skipped = 0;
        int unknown = 0;
        WordErrors errors = WordErrors.NONE;
        try (BatchLoader loader = new BatchLoader(loaders, batches, load)) {
            while (loader.hasNext()) {
                LabelledBatch batch = loader.next();
                try (PointerScope _ = new PointerScope();
                        NoGradGuard _ = new NoGradGuard()) {
                    Tensor encoded = model.encode(batch.padded(), false).output();
                    LossResult result = loss.validation(CriterionInput.validation(model, batch, encoded));
                    double losses = 0;
                    for (int b = 0; b < batch.utterances().size(); b++) {
                        if (hasUnknown(batch.utterances().get(b), tokens)) {
                            unknown++;
                        } else if (result.skipped().contains(b)) {
                            skipped++;
                        } else {
                            losses += result.loss(b);
                            counted++;
                        }
                    }
                    sum += losses;
                    List<Hypothesis> found =
                            recognizer.search(encoded, batch.padded().frames());
                    for (int b = 0; b < found.size(); b++) {
                        String text = recognizer.transcript(found.get(b)).text();
                        errors = errors.plus(WordErrors.of(
                                WordErrors.words(
                                        batch.utterances().get(b).utterance().text()),
                                WordErrors.words(text)));
                    }
                }
            }
        }
        return new Validation(counted == 0 ? Double.NaN : sum / (double) counted, skipped, unknown, errors);
    }

    private static boolean hasUnknown(TrainingUtterance utterance, Tokenizer tokens) {
        OptionalInt unknown = tokens.unknown();
        return unknown.isPresent() && IntStream.of(utterance.labels()).anyMatch(id -> id == unknown.getAsInt());
    }
}
