package org.transducer4j.loss.method;

import org.transducer4j.loss.lattice.EdgePosteriors;

/** What a window of label positions is worth at a frame. */
public enum WindowRule {
    /**
     * The blanks that leave the window for the next frame, less the labels that enter it from below: a lower bound of the
     * probability that the path spends the whole frame inside (Kuang et al. 2022, section 3.2; k2).
     */
    PATHS {
        @Override
        public double value(EdgePosteriors edges, int t, int begin, int end) {
            double sum = 0;
            for (int u = begin; u < end; u++) {
                sum += edges.blank(t, u);
            }
            return begin == 0 ? sum : sum - edges.label(t, begin - 1);
        }
    },
    /** The posteriors of all edges that begin in the window (fast_rnnt). */
    EDGES {
        @Override
        public double value(EdgePosteriors edges, int t, int begin, int end) {
            double sum = 0;
            for (int u = begin; u < end; u++) {
                sum += edges.blank(t, u) + edges.label(t, u);
            }
            return sum;
        }
    };

    /**
     * What the label positions [begin, end) are worth.
     *
     * @param edges posteriors
     * @param t frame
     * @param begin first position
     * @param end last position, plus 1
     * @return the larger the better
     */
    public abstract double value(EdgePosteriors edges, int t, int begin, int end);
}
