package org.transducer4j.loss.method;

import java.util.Locale;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/**
 * Restricts a transducer to paths near an alignment: token u, aligned to frame a(u), may be emitted at frames a(u) - left
 * to a(u) + right only (Mahadeokar et al. 2020, arXiv 2011.03072).
 *
 * <p>That restricts edges, a {@link Band} holds nodes; the band given here says exactly the same. Let f(u) and l(u) be the
 * first and last frame at which token u can be emitted on any allowed path. A path emits a token after l(u) if and only if it
 * visits (t,u) at a frame t above l(u), and before f(u) if and only if it visits (t,u+1) at a frame t below f(u) - where a
 * label takes its frame, at t = f(u) too, as it gets there a frame later. So those nodes are left out and no others. In the constrained
 * topology a label at frame t also needs the node (t,u+1), for its blank, and there (f(u),u+1) stays: without it there is no edge.
 *
 * @param left b_l, frames that a token may come early, 0 or more
 * @param right b_r, frames that a token may come late, 0 or more
 */
public record AlignmentBounds(int left, int right) {
    /**
     * Checks the buffers.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public AlignmentBounds {
        if (left < 0 || right < 0) {
            throw new IllegalArgumentException(
                    "the buffers of an alignment must be 0 frames or more, not " + left + " and " + right);
        }
    }

    /**
     * The nodes of the allowed paths: each is on one at least (in the constrained topology, or gives one its blank).
     *
     * @param utterance what error messages call it
     * @param aligned a, the frame of each of the U tokens
     * @param frames T
     * @param topology where edges lead
     * @return the band
     * @throws IllegalArgumentException if there is no allowed path, naming the first token that has no frame
     */
    public Band band(String utterance, int[] aligned, int frames, Topology topology) {
        int labels = aligned.length;
        int step = topology.labelTakesFrame() ? 1 : 0;
        int[] first = new int[labels];
        int earliest = 0;
        for (int u = 0; u < labels; u++) {
            long from = (long) aligned[u] - left;
            long to = (long) aligned[u] + right;
            if (Math.max(from, earliest) > Math.min(to, frames - 1)) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "utterance %s: the alignment leaves no path: token %d, aligned to frame %d, may be emitted at"
                                + " frames %d to %d, but the tokens before it and the utterance's %d frames leave %s",
                        utterance,
                        u,
                        aligned[u],
                        from,
                        to,
                        frames,
                        earliest < frames ? "frames " + earliest + " to " + (frames - 1) : "none"));
            }
            first[u] = (int) Math.max(from, earliest);
            earliest = first[u] + step;
        }
        int[] last = new int[labels];
        int latest = frames - 1;
        for (int u = labels - 1; u >= 0; u--) {
            last[u] = (int) Math.min((long) aligned[u] + right, latest);
            latest = last[u] - step;
        }
        int late = topology == Topology.MODIFIED ? 1 : 0; // how long after f(u) position u+1 begins to exist
        int[] begin = new int[frames];
        int[] end = new int[frames];
        int past = 0; // tokens whose last frame is before t
        int open = 0; // tokens that a path may have behind it at t
        for (int t = 0; t < frames; t++) {
            while (past < labels && last[past] < t) {
                past++;
            }
            while (open < labels && first[open] + late <= t) {
                open++;
            }
            begin[t] = past;
            end[t] = open + 1;
        }
        return Band.of(labels, begin, end);
    }
}
