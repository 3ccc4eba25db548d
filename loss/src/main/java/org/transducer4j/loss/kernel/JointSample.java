package org.transducer4j.loss.kernel;

/** One utterance whose logits are made by the joint network, tile by tile. */
public interface JointSample extends Sample {
    /**
     * Computes the logits of some nodes and, in the first pass, takes their log-probabilities into the lattice.
     *
     * @param tile where the logits go
     * @param firstNode number of the first node
     * @param rows number of nodes
     * @param score true in the first pass; false when logits are made again for the backward pass
     */
    void forward(Tile tile, long firstNode, int rows, boolean score);

    /**
     * Turns the tile's logits into their gradients and pushes these back at once: to encoder and predictor output of
     * this utterance, to weight and bias of the head.
     *
     * @param tile logits of the nodes; gradients afterwards
     * @param firstNode number of the first node
     * @param rows number of nodes
     * @param clamp limit on the gradient of a logit, 0 for none
     */
    void backward(Tile tile, long firstNode, int rows, float clamp);

    /** Writes the gradients of encoder and predictor output. */
    void finish();
}
