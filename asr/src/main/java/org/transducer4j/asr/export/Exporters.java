package org.transducer4j.asr.export;

import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.NewFolder;
import org.transducer4j.speech.Registry;

/** The exporters that are registered, and how a checkpoint goes through one of them. */
public final class Exporters {
    private Exporters() {}

    /**
     * All of them.
     *
     * @return those on the class path and the module path
     */
    public static Registry<Exporter> registry() {
        return Registry.of("exporter", ServiceLoader.load(Exporter.class), Exporter::name);
    }

    /**
     * Writes a checkpoint's model in another form. The folder appears as a whole or not at all.
     *
     * @param name of the exporter
     * @param checkpoint a checkpoint file, or a folder of a training, whose best model is taken
     * @param out the new folder; one that exists must be empty
     * @return the checkpoint file that was read
     * @throws IllegalArgumentException if there is no such exporter, or it can't write such a model
     * @throws org.transducer4j.speech.BadInputException if the checkpoint can't be read, or the folder isn't empty or can't be written
     */
    public static Path export(String name, Path checkpoint, Path out) {
        Exporter exporter = registry().find(name);
        Checkpoint read = Checkpoint.read(checkpoint);
        TransducerModel model = read.model();
        try (NewFolder folder = new NewFolder(out, false, Set.of())) {
            exporter.export(model, read.tokens(), folder.partial());
            folder.finish();
        } finally {
            model.parameters().close();
        }
        return read.file();
    }
}
