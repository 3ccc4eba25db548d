package org.transducer4j.asr.decode;

import org.transducer4j.speech.ManifestEntry;

/** Hears how recognising a manifest goes on. */
public interface DecodeListener {
    /** Hears nothing. */
    DecodeListener SILENT = new DecodeListener() {};

    /**
     * After each utterance.
     *
     * @param entry its line
     * @param transcript what was recognised
     */
    default void utterance(ManifestEntry entry, Transcript transcript) {}

    /**
     * After each batch.
     *
     * @param done utterances done
     * @param total of so many
     */
    default void progress(int done, int total) {}
}
