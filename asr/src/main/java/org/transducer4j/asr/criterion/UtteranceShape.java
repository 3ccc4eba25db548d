package org.transducer4j.asr.criterion;

/**
 * An utterance of which only the size is known yet: no sound has been read.
 *
 * @param utterance its labels, and token times at the speed that makes most frames
 * @param frames T, the most that the encoder may make of it
 */
public record UtteranceShape(TrainingUtterance utterance, int frames) {
    /** Checks the number of frames. */
    public UtteranceShape {
        if (frames < 1) {
            throw new IllegalArgumentException(utterance.title() + " must have 1 frame or more, got " + frames);
        }
    }

    /**
     * The number of labels.
     *
     * @return U
     */
    public int labels() {
        return utterance.labels().length;
    }

    /**
     * What messages call it.
     *
     * @return {@code id (file:line)}
     */
    public String title() {
        return utterance.title();
    }

    /**
     * The nodes of its full lattice.
     *
     * @return T x (U+1)
     */
    public long nodes() {
        return frames * (labels() + 1L);
    }
}
