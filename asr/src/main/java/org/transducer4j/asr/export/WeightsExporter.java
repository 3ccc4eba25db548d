package org.transducer4j.asr.export;

import java.nio.file.Path;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.SafeTensors;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.WholeFile;
import org.transducer4j.speech.token.Tokenizer;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What recognising needs and nothing else: {@value Checkpoint#EXPORTED}, a checkpoint with the averaged weights alone, without what a training
 * would need to go on; {@code tokens.txt}; and {@code config.json}, the model's configuration for people and other programs. The folder can be
 * read again like a training's.
 */
public final class WeightsExporter implements Exporter {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** An exporter; it keeps nothing. */
    public WeightsExporter() {}

    @Override
    public String name() {
        return "weights";
    }

    @Override
    public void export(TransducerModel model, Tokenizer tokens, Path folder) {
        SafeTensors contents = Checkpoint.contents(model, tokens);
        contents.write(folder.resolve(Checkpoint.EXPORTED));
        tokens.save(folder);
        WholeFile.write(folder.resolve("config.json"), JSON.writeValueAsString(model.config()) + "\n");
    }
}
