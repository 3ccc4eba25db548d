package org.transducer4j.asr.criterion;

import org.transducer4j.loss.lattice.Band;

/** Which nodes of an utterance's lattice exist in training. */
@FunctionalInterface
public interface UtteranceBand {
    /** All of them. */
    UtteranceBand FULL = (utterance, frames) -> Band.full(frames, utterance.labels().length);

    /**
     * The band of an utterance.
     *
     * @param utterance its labels, and token times at the speed it is heard at
     * @param frames T
     * @return a band through which a path leads
     * @throws IllegalArgumentException if there is none
     */
    Band of(TrainingUtterance utterance, int frames);
}
