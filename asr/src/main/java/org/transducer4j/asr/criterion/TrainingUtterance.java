package org.transducer4j.asr.criterion;

import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.token.TokenTimes;

/**
 * An utterance with what a training knows of it: its transcript as labels, encoded once, and the times of its tokens.
 *
 * @param utterance where it comes from
 * @param labels U token ids, blank not among them; not copied
 * @param times of its U tokens, where the criterion needs them
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingUtterance(
        CorpusUtterance utterance, int[] labels, @Nullable TokenTimes times) {
    /** Checks that there is a time for each token. */
    public TrainingUtterance {
        if (times != null && times.seconds().length != labels.length) {
            throw new IllegalArgumentException(utterance.title() + " has " + labels.length + " labels, but times of "
                    + times.seconds().length + " tokens");
        }
    }

    /**
     * The same utterance with the times of its tokens.
     *
     * @param heard a time for each label
     * @return the utterance with them
     */
    public TrainingUtterance withTimes(TokenTimes heard) {
        return new TrainingUtterance(utterance, labels, heard);
    }

    /**
     * The same utterance, played at another speed.
     *
     * @param speed above 1 is faster
     * @return the utterance, its times divided by the speed
     */
    public TrainingUtterance atSpeed(double speed) {
        return times == null ? this : withTimes(times.atSpeed(speed));
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
     * How long it lasts at its own speed.
     *
     * @return seconds
     */
    public double seconds() {
        return utterance.duration();
    }
}
