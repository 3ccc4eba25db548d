package org.transducer4j.asr.search;

import java.util.Arrays;

/** Where a search stands between two frames. */
public final class Search {
    private int[] tokens = new int[16];
    private int[] frames = new int[16];
    private int count;
    private int frame;
    private int previous = -1;

    /** A search at its beginning. */
    public Search() {}

    void add(int token) {
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
            frames = Arrays.copyOf(frames, 2 * count);
        }
        tokens[count] = token;
        frames[count++] = frame;
    }

    /** Goes on to the next frame, remembering what this one ended with. */
    void nextFrame(int symbol) {
        previous = symbol;
        frame++;
    }

    /** What the frame before ended with; -1 at the beginning. */
    int previous() {
        return previous;
    }

    /** The token found so many ago, 1 for the last; or what stands for the time before the first. */
    int token(int back, int before) {
        return back > count ? before : tokens[count - back];
    }

    /**
     * @return what was found so far
     */
    public Hypothesis hypothesis() {
        return new Hypothesis(Arrays.copyOf(tokens, count), Arrays.copyOf(frames, count));
    }
}
