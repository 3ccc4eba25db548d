package org.transducer4j.asr.export;

import java.nio.file.Path;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.token.Tokenizer;

/**
 * A form in which a trained model leaves the house: the door for weights, ONNX and others. To add one is to write its class and to
 * register it ({@link java.util.ServiceLoader}); {@code t4j export NAME} then chooses it.
 *
 * <p>Implementations have a public constructor without arguments.
 */
public interface Exporter {
    /**
     * What users call it.
     *
     * @return a lower-case word, such as {@code weights}
     */
    String name();

    /**
     * Writes the files. The caller sees to it that they appear as a whole or not at all.
     *
     * @param model with the weights to recognise with; stays the caller's
     * @param tokens the model's
     * @param folder where to: it exists and is empty
     * @throws org.transducer4j.speech.BadInputException if a file can't be written
     * @throws IllegalArgumentException if such a model can't be written in this form, with the reason
     */
    void export(TransducerModel model, Tokenizer tokens, Path folder);
}
