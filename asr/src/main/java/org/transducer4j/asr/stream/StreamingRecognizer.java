package org.transducer4j.asr.stream;

import java.nio.file.Path;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.asr.search.SearchMethod;

/**
 * Sound to text while the sound comes: any number of {@link Session}s at once over one model.
 *
 * <p>Thread-safe. After it is closed, it begins no session, and its sessions hear no more.
 */
public final class StreamingRecognizer implements AutoCloseable {
    private final Recognizer recognizer;

    /**
     * Streams through a recogniser, which it closes when it is closed.
     *
     * @param recognizer has model, tokens and search
     * @throws IllegalArgumentException if its model's encoder must see the whole sound
     */
    public StreamingRecognizer(Recognizer recognizer) {
        if (!recognizer.model().encoder().streams()) {
            throw new IllegalArgumentException("a model with the encoder "
                    + recognizer.model().config().size().encoder().name()
                    + " can't hear sound in pieces: recognise the whole with Recognizer");
        }
        this.recognizer = recognizer;
    }

    /**
     * Opens a checkpoint for greedy search.
     *
     * @param checkpoint a checkpoint file, or a folder of a training, whose best model is taken, or of an export
     * @return a streaming recogniser
     * @throws org.transducer4j.speech.BadInputException if there is no checkpoint or it isn't whole
     * @throws IllegalArgumentException if its model's encoder must see the whole sound
     */
    public static StreamingRecognizer open(Path checkpoint) {
        return owning(Recognizer.open(checkpoint));
    }

    /**
     * Opens a checkpoint.
     *
     * @param checkpoint a checkpoint file, or a folder of a training, whose best model is taken, or of an export
     * @param method how to search
     * @return a streaming recogniser
     * @throws org.transducer4j.speech.BadInputException if there is no checkpoint or it isn't whole
     * @throws IllegalArgumentException if its model's encoder must see the whole sound
     */
    public static StreamingRecognizer open(Path checkpoint, SearchMethod method) {
        return owning(Recognizer.open(checkpoint, method));
    }

    private static StreamingRecognizer owning(Recognizer recognizer) {
        try {
            return new StreamingRecognizer(recognizer);
        } catch (IllegalArgumentException e) {
            recognizer.close();
            throw e;
        }
    }

    /**
     * Begins a session: one utterance, or one speaker's stream.
     *
     * @return a session that has heard nothing
     * @throws IllegalStateException if this is closed
     */
    public Session begin() {
        return new Session(recognizer);
    }

    /**
     * What it streams through.
     *
     * @return the recogniser, for whole files beside the sessions
     */
    public Recognizer recognizer() {
        return recognizer;
    }

    /** Refuses further use, and frees the model's memory when the calls that run now have ended. Sessions are to be closed on their own. */
    @Override
    public void close() {
        recognizer.close();
    }
}
