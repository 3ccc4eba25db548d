package org.transducer4j.loss.kernel;

/** Logits of consecutive nodes of one utterance, then their gradients in the same place. */
public interface Tile {
    /**
     * How many nodes it can hold.
     *
     * @return number of rows
     */
    int rows();
}
