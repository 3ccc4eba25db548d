package org.transducer4j.loss.lattice;

/**
 * Which nodes of a T x (U+1) lattice exist: for each frame t the label positions u in [begin(t), end(t)), both
 * non-decreasing in t. Nodes are numbered frame after frame ("packed rows"): node(t, u) = row(t) + u - begin(t).
 *
 * @param frames T, 1 or more
 * @param labels U, 0 or more
 */
public record Band(int frames, int labels) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if there is no frame or a negative number of labels
     */
    public Band {
        if (frames < 1 || labels < 0) {
            throw new IllegalArgumentException(
                    "a lattice needs 1 frame and 0 labels or more, not " + frames + " and " + labels);
        }
    }

    /**
     * All nodes.
     *
     * @param frames T
     * @param labels U
     * @return the full lattice
     */
    public static Band full(int frames, int labels) {
        return new Band(frames, labels);
    }

    /**
     * First label position of a frame.
     *
     * @param frame t
     * @return u of its first node
     */
    public int begin(int frame) {
        return 0;
    }

    /**
     * End of a frame's label positions.
     *
     * @param frame t
     * @return u of its last node, plus 1
     */
    public int end(int frame) {
        return labels + 1;
    }

    /**
     * Number of nodes before a frame.
     *
     * @param frame t, 0 to T
     * @return number of its first node
     */
    public long row(int frame) {
        return frame * (labels + 1L);
    }

    /**
     * Number of all nodes.
     *
     * @return the number
     */
    public long nodes() {
        return row(frames);
    }

    /**
     * The frame that a node belongs to.
     *
     * @param node its number
     * @return t
     */
    public int frame(long node) {
        return (int) (node / (labels + 1L));
    }
}
