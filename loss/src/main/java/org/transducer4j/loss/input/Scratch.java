package org.transducer4j.loss.input;

/**
 * Scratch memory by what it is for, in bytes.
 *
 * @param logits of a tile, and in their place their gradients
 * @param hidden values of the rows that pass through the products together, their gradients, packed copies of both
 * @param lattice what each node needs: edges, normalisers, forward scores
 * @param weights packed for the products, and the sums of their gradients
 * @param predictor outputs of a group and the sums of their gradients; and where gradients take the place of outputs, room for
 *     those of a group
 */
public record Scratch(long logits, long hidden, long lattice, long weights, long predictor) {
    /** Nothing. */
    public static final Scratch NONE = new Scratch(0, 0, 0, 0, 0);

    /**
     * With room for gradients that take the place of outputs.
     *
     * @param bytes of it
     * @return the sum
     */
    public Scratch withRoom(long bytes) {
        return new Scratch(logits, hidden, lattice, weights, predictor + bytes);
    }

    /**
     * Part by part.
     *
     * @param other held at the same time
     * @return the sum
     */
    public Scratch plus(Scratch other) {
        return new Scratch(
                logits + other.logits,
                hidden + other.hidden,
                lattice + other.lattice,
                weights + other.weights,
                predictor + other.predictor);
    }

    /**
     * All of it.
     *
     * @return bytes
     */
    public long bytes() {
        return logits + hidden + lattice + weights + predictor;
    }
}
