package org.transducer4j.asr.search;

import org.transducer4j.speech.corpus.CorpusUtterance;

/** Hears how a manifest's way through a model goes on. */
public interface DecodeListener {
    /** Hears nothing. */
    DecodeListener SILENT = new DecodeListener() {};

    /**
     * After each utterance that was recognised.
     *
     * @param entry its line
     * @param transcript what was recognised
     */
    default void utterance(CorpusUtterance entry, Transcript transcript) {}

    /**
     * After each batch.
     *
     * @param done utterances done
     * @param total of so many
     */
    default void progress(int done, int total) {}

    /**
     * Something that people should know.
     *
     * @param message a sentence
     */
    default void warning(String message) {}
}
