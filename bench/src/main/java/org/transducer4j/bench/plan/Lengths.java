package org.transducer4j.bench.plan;

import java.util.Locale;

/**
 * The size of an utterance.
 *
 * @param frames T, of the encoder's output, 1 to {@link #MOST}
 * @param labels U, 0 to {@link #MOST}
 */
public record Lengths(int frames, int labels) {
    /** Half a day of sound at 40 ms a frame. */
    public static final int MOST = 1_000_000;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Lengths {
        if (frames < 1) {
            throw new IllegalArgumentException("an utterance has 1 frame or more, not " + frames);
        }
        if (labels < 0) {
            throw new IllegalArgumentException("an utterance has 0 labels or more, not " + labels);
        }
        if (frames > MOST || labels > MOST) {
            throw new IllegalArgumentException("an utterance has " + MOST + " frames and as many labels at most, not "
                    + frames + " and " + labels);
        }
    }

    /**
     * Lengths in time.
     *
     * @param seconds of sound
     * @param frameSeconds from one encoder frame to the next
     * @param labelsPerSecond spoken
     * @return the lengths, rounded up
     */
    public static Lengths of(double seconds, double frameSeconds, double labelsPerSecond) {
        return new Lengths(count("frames", seconds / frameSeconds), count("labels", seconds * labelsPerSecond));
    }

    /** A hair below a whole number is that number: 40 / 0.04 is 1000 frames. */
    static int count(String what, double number) {
        double rounded = Math.ceil(number - 1e-6);
        if (!(rounded <= MOST)) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "that makes %.4g %s; an utterance has %d at most", number, what, MOST));
        }
        return (int) rounded;
    }

    /**
     * Nodes of the full lattice.
     *
     * @return T (U+1)
     */
    public long nodes() {
        return frames * (labels + 1L);
    }
}
