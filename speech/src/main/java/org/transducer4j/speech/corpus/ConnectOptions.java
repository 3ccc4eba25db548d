package org.transducer4j.speech.corpus;

import java.nio.file.Path;
import org.transducer4j.speech.internal.Require;

/**
 * Options of {@link Connect}.
 *
 * @param manifest of the clips
 * @param utterances how many to make
 * @param min least clips of one
 * @param max most clips of one
 * @param seed of everything that is drawn
 * @param out the folder to make
 * @param overwrite whether a folder that an earlier run made may be replaced
 */
public record ConnectOptions(Path manifest, int utterances, int min, int max, long seed, Path out, boolean overwrite) {
    /** Checks the numbers. */
    public ConnectOptions {
        Require.that(utterances >= 1, "want 1 utterance or more, got %d", utterances);
        Require.that(min >= 1, "want a minimum of 1 clip or more, got %d", min);
        Require.that(max >= min, "want a maximum of clips >= the minimum %d, got %d", min, max);
        Require.that(max <= 10_000, "want a maximum of 10000 clips or fewer, got %d", max);
    }
}
