package org.transducer4j.asr.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.token.Tokenizer;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The folder of a run. */
record RunFolder(Path path) {
    /** Refuses a folder with a run in it, unless something was said about that. */
    void check(Start start) {
        if (start == Start.FRESH && (Files.exists(last()) || Files.exists(best()))) {
            throw new BadInputException(path + ": holds a run already: --resume continues it, --overwrite replaces it");
        }
    }

    /** Whether there is a run to resume. */
    boolean resumes(Start start) {
        return start == Start.RESUME && Files.exists(last());
    }

    /** Removes an earlier run: not before everything that the new one needs has been checked. */
    void clear() {
        try {
            for (String name : List.of(Checkpoint.LAST, Checkpoint.BEST, MetricsFile.NAME, EventFile.NAME)) {
                Files.deleteIfExists(path.resolve(name));
            }
        } catch (IOException e) {
            throw BadInputException.unwritable(path, e);
        }
    }

    Path last() {
        return path.resolve(Checkpoint.LAST);
    }

    Path best() {
        return path.resolve(Checkpoint.BEST);
    }

    /** tokens.txt and config.json, for people: the checkpoints hold both. */
    void describe(ModelConfig config, Tokenizer tokens, TrainOptions options) {
        tokens.save(path);
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Path file = path.resolve("config.json");
        Path temporary = path.resolve(".config.json.tmp");
        try {
            Files.writeString(
                    temporary,
                    json.writeValueAsString(new Description(config, StoredOptions.of(options), Manifests.of(options)))
                            + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        }
    }

    /** What config.json holds. */
    record Description(ModelConfig model, StoredOptions training, Manifests manifests) {}

    /** Where the data are. */
    record Manifests(String train, String valid) {
        static Manifests of(TrainOptions options) {
            return new Manifests(
                    options.train().toAbsolutePath().toString(),
                    options.valid().toAbsolutePath().toString());
        }
    }
}
