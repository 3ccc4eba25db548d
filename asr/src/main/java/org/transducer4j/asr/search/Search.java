package org.transducer4j.asr.search;

/** A search on its way through an utterance, frame by frame. Not thread-safe. */
public interface Search {
    /**
     * Searches on over more frames. However an utterance's frames are cut into chunks, the result is the same.
     *
     * @param encoded encoder outputs, row-major with H columns
     * @param firstFrame the first row to read
     * @param frames number of rows; 0 changes nothing
     */
    void advance(float[] encoded, int firstFrame, int frames);

    /**
     * The best hypothesis so far.
     *
     * @return its tokens and their frames, counted from the beginning of the search
     */
    Hypothesis best();
}
