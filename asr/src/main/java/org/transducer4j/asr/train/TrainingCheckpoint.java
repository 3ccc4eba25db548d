package org.transducer4j.asr.train;

import java.nio.file.Path;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.SafeTensors;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.AdamWOptimizer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a checkpoint of a training holds besides the model: optimiser, options, where it stands. */
final class TrainingCheckpoint {
    private static final String FIRST = "adamw.first/";
    private static final String SECOND = "adamw.second/";
    private static final String TRAINING = "training";
    private static final JsonMapper JSON = JsonMapper.shared();

    private TrainingCheckpoint() {}

    /**
     * In the metadata.
     *
     * @param options that decide the result
     * @param fingerprint of the manifests
     * @param state where it stands
     */
    record Progress(StoredOptions options, long fingerprint, TrainingState state) {}

    static void write(Path file, TransducerModel model, Tokenizer tokens, AdamWOptimizer optimizer, Progress progress) {
        SafeTensors contents = Checkpoint.contents(model, tokens);
        contents.metadata().put(TRAINING, JSON.writeValueAsString(progress));
        Checkpoint.addFlat(contents, Checkpoint.AVERAGE, model.parameters(), optimizer.average());
        Checkpoint.addFlat(contents, FIRST, model.parameters(), optimizer.firstMoment());
        Checkpoint.addFlat(contents, SECOND, model.parameters(), optimizer.secondMoment());
        contents.write(file);
    }

    static Progress read(Checkpoint checkpoint) {
        String json = checkpoint.metadata().get(TRAINING);
        if (json == null) {
            throw new BadInputException(checkpoint.file() + ": holds a model only, training can't continue from it");
        }
        try {
            return JSON.readValue(json, Progress.class);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new BadInputException(checkpoint.file() + ": its training state can't be read", e);
        }
    }

    static void restore(Checkpoint checkpoint, TransducerModel model, AdamWOptimizer optimizer, TrainingState state) {
        checkpoint.restoreFlat(Checkpoint.AVERAGE, model.parameters(), optimizer.average());
        checkpoint.restoreFlat(FIRST, model.parameters(), optimizer.firstMoment());
        checkpoint.restoreFlat(SECOND, model.parameters(), optimizer.secondMoment());
        optimizer.restoreSteps(state.optimizerSteps());
    }
}
