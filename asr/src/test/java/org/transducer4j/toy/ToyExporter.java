package org.transducer4j.toy;

import java.nio.file.Path;
import org.transducer4j.asr.export.Exporter;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.WholeFile;
import org.transducer4j.speech.token.Tokenizer;

/** An exporter from outside: a file of one line. */
public final class ToyExporter implements Exporter {
    @Override
    public String name() {
        return "toy";
    }

    @Override
    public void export(TransducerModel model, Tokenizer tokens, Path folder) {
        WholeFile.write(
                folder.resolve("toy.txt"), model.parameters().size() + " weights, " + tokens.size() + " tokens\n");
    }
}
