package org.transducer4j.loss.internal.cpu;

import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/**
 * The nodes of a lattice in waves, which every path crosses one after the other: anti-diagonals t + u, or frames where labels
 * take one. Edges lead from a wave to the next one only, from position u to u (blank) and to u + 1 (label), so nodes of
 * a wave don't depend on one another. A wave's positions are an interval; where a path gets through, neither end of it
 * goes back from a wave to the next.
 */
final class Waves {
    private final boolean diagonal;
    private final int[] begin; // first position; and one wave more, in which there is nothing
    private final int[] base; // index of a node less its position

    /** The waves of a band whose nodes are stored wave after wave, from an index on. */
    Waves(Band band, Topology topology, int first) {
        int frames = band.frames();
        diagonal = !topology.labelTakesFrame();
        int count = diagonal ? frames + band.labels() : frames;
        begin = new int[count + 1];
        base = new int[count + 1];
        int[] end = base; // at first
        if (diagonal) {
            // The last frame that a wave meets has its first position, the first frame its last.
            for (int t = frames - 1, w = count; t >= 0; t--) {
                for (w = Math.min(w, t + band.end(t)); w > t + band.begin(t); w--) {
                    begin[w - 1] = w - 1 - t;
                }
            }
            for (int t = 0, w = 0; t < frames; t++) {
                for (w = Math.max(w, t + band.begin(t)); w < t + band.end(t); w++) {
                    end[w] = w - t + 1;
                }
            }
        } else {
            for (int t = 0; t < frames; t++) {
                begin[t] = band.begin(t);
                end[t] = band.end(t);
            }
        }
        int at = first;
        for (int w = 0; w < count; w++) {
            int length = end[w] - begin[w];
            base[w] = at - begin[w];
            at += length;
        }
        base[count] = at;
    }

    /** The most that the waves of a band take. */
    static long bytes(Band band) {
        return 2L * Integer.BYTES * (band.frames() + band.labels() + 1L);
    }

    int count() {
        return begin.length - 1;
    }

    /** First position of a wave. */
    int begin(int wave) {
        return begin[wave];
    }

    /** End of a wave's positions; equal to its beginning where the band has a gap. */
    int end(int wave) {
        return index(wave + 1, begin[wave + 1]) - base[wave];
    }

    /** Index of a wave's node at a position. */
    int index(int wave, int u) {
        return base[wave] + u;
    }

    /** Index of a frame's node at a position. */
    int node(int t, int u) {
        return base[diagonal ? t + u : t] + u;
    }
}
