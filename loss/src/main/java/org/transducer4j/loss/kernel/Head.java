package org.transducer4j.loss.kernel;

import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.lattice.Band;

/** A joint network during a batch. */
public interface Head extends AutoCloseable {
    /**
     * Begins an utterance.
     *
     * @param utterance its inputs
     * @param band its nodes
     * @param blank index of blank
     * @return the utterance in flight
     */
    JointSample begin(Utterance utterance, Band band, int blank);

    /**
     * Room for the logits of some rows.
     *
     * @param rows number of rows
     * @return the tile; a later call may take its memory
     */
    Tile tile(int rows);

    /**
     * What a row of a tile takes.
     *
     * @return bytes
     */
    long bytesPerRow();

    /** Adds the gradients of weight and bias to where the network says. */
    void finish();

    /** Frees the scratch memory. */
    @Override
    void close();
}
