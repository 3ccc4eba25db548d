package org.transducer4j.loss.lattice;

/** How probable each edge of a full lattice is, given the labels. */
public interface EdgePosteriors {
    /**
     * Posterior of a blank edge.
     *
     * @param t frame
     * @param u label position, 0 to U
     * @return 0 to 1
     */
    double blank(int t, int u);

    /**
     * Posterior of a label edge.
     *
     * @param t frame
     * @param u label position, 0 to U
     * @return 0 to 1; 0 at U, where no label is left
     */
    double label(int t, int u);
}
