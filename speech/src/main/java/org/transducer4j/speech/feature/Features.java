package org.transducer4j.speech.feature;

import org.transducer4j.speech.internal.Require;

/**
 * Features of one utterance.
 *
 * @param frames number of frames
 * @param bins features a frame
 * @param values frames x bins, row by row; not copied
 */
public record Features(int frames, int bins, float[] values) {
    /** Checks the sizes. */
    public Features {
        Require.that(frames >= 0 && bins > 0, "want frames >= 0 and bins > 0, got %d and %d", frames, bins);
        Require.that(
                values.length == (long) frames * bins,
                "%d frames x %d bins need %d values, got %d",
                frames,
                bins,
                (long) frames * bins,
                values.length);
    }

    /**
     * @param frame from 0
     * @param bin from 0
     * @return the value there
     */
    public float at(int frame, int bin) {
        return values[frame * bins + bin];
    }
}
