package org.transducer4j.loss.method;

import java.util.Objects;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.EdgePosteriors;
import org.transducer4j.loss.lattice.Topology;

/**
 * How the posteriors of a simple joiner become the band of the full one: at each frame the window of S label positions
 * that is worth most, then moved so that paths get through (Kuang et al. 2022, arXiv 2206.13236, section 3.2).
 *
 * @param range S, the label positions kept at each frame, 2 or more. An utterance of U labels has at most U+1, and then its
 *     band is the full lattice; one whose T windows of S can't lead to U gets the smallest S that can
 * @param rule what a window is worth
 */
public record Pruning(int range, WindowRule rule) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is too small
     */
    public Pruning {
        Objects.requireNonNull(rule);
        if (range < 2) {
            throw new IllegalArgumentException(
                    "a prune range must be 2 or more, so that there's room for a label, not " + range);
        }
    }

    /**
     * The paper's rule.
     *
     * @param range S
     * @return the pruning
     */
    public static Pruning of(int range) {
        return new Pruning(range, WindowRule.PATHS);
    }

    /**
     * The band of an utterance.
     *
     * @param edges posteriors of the simple joiner's edges
     * @param frames T
     * @param labels U
     * @param topology where edges lead
     * @return S label positions a frame; it has a path if the topology has one for T and U
     */
    public Band band(EdgePosteriors edges, int frames, int labels, Topology topology) {
        int width = width(frames, labels, topology);
        int[] begin = new int[frames];
        for (int t = 0; t < frames - 1; t++) {
            begin[t] = best(edges, t, width, labels + 1 - width);
        }
        begin[frames - 1] = labels + 1 - width;
        lead(begin, topology.labelTakesFrame() ? 1 : width - 1);
        int[] end = new int[frames];
        for (int t = 0; t < frames; t++) {
            end[t] = begin[t] + width;
        }
        return Band.of(labels, begin, end);
    }

    /** S, no more than there are positions, and enough to get from 0 to U by steps of S-1, or of 1 where a label takes a frame. */
    int width(int frames, int labels, Topology topology) {
        int feasible = topology.labelTakesFrame() ? labels - frames + 2 : Math.ceilDiv(labels, frames) + 1;
        return Math.min(labels + 1, Math.max(range, feasible));
    }

    /** The first of the windows that are worth most; window p is [p, p + width). */
    private int best(EdgePosteriors edges, int t, int width, int last) {
        int best = 0;
        double most = rule.value(edges, t, 0, width);
        for (int p = 1; p <= last; p++) {
            double value = rule.value(edges, t, p, p + width);
            if (value > most) {
                most = value;
                best = p;
            }
        }
        return best;
    }

    /**
     * Moves windows so that a path gets through: none begins above a later one, none more than a step above the one before,
     * the first at 0. So each holds a position of the one before.
     */
    private static void lead(int[] begin, int step) {
        int last = begin.length - 1;
        for (int t = last - 1; t >= 0; t--) {
            begin[t] = Math.min(begin[t], begin[t + 1]);
        }
        for (int t = last - 1; t >= 0; t--) {
            begin[t] = Math.max(begin[t], begin[t + 1] - step);
        }
        for (int t = 0; t <= last; t++) {
            begin[t] = (int) Math.min(begin[t], (long) step * t);
        }
    }
}
