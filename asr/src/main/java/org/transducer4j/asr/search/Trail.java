package org.transducer4j.asr.search;

import java.util.Arrays;

/** The tokens that a search has found, and where it is. */
final class Trail {
    private int[] tokens = new int[16];
    private int[] frames = new int[16];
    private int count;
    private int frame;

    /** Adds a token at this frame. */
    void add(int token) {
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
            frames = Arrays.copyOf(frames, 2 * count);
        }
        tokens[count] = token;
        frames[count++] = frame;
    }

    void nextFrame() {
        frame++;
    }

    /** What was found so far; a copy. */
    Hypothesis hypothesis() {
        return new Hypothesis(Arrays.copyOf(tokens, count), Arrays.copyOf(frames, count));
    }
}
