package org.transducer4j.loss.lattice;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.internal.check.Require;

/**
 * Which nodes of a T x (U+1) lattice exist: for each frame t the label positions u in [begin(t), end(t)), both
 * non-decreasing in t. Nodes are numbered frame after frame ("packed rows"): node(t, u) = row(t) + u - begin(t).
 *
 * <p>Full, alignment-restricted and pruned lattices are all bands; one recursion and one set of kernels serve them.
 */
public final class Band {
    private final int frames;
    private final int labels;
    private final int @Nullable [] begin; // null: all positions of all frames
    private final int[] end;
    private final long[] row; // frames + 1

    private Band(int frames, int labels, int @Nullable [] begin, int[] end, long[] row) {
        this.frames = frames;
        this.labels = labels;
        this.begin = begin;
        this.end = end;
        this.row = row;
    }

    /**
     * All nodes.
     *
     * @param frames T, 1 or more
     * @param labels U, 0 or more
     * @return the full lattice
     * @throws IllegalArgumentException if a size is too small
     */
    public static Band full(int frames, int labels) {
        checkSizes(frames, labels);
        return new Band(frames, labels, null, NONE, NO_ROWS);
    }

    private static final int[] NONE = {};
    private static final long[] NO_ROWS = {};

    /**
     * The nodes of given intervals. It begins at u = 0 and ends at u = U, as every path does; whether a path gets through
     * is for {@link #blocked} to say.
     *
     * @param labels U
     * @param begin first position of each frame
     * @param end end of the positions of each frame (last plus 1)
     * @return the band
     * @throws IllegalArgumentException if intervals are empty, out of range or not monotone, with the frame
     */
    public static Band of(int labels, int[] begin, int[] end) {
        Require.given(begin, "begin");
        Require.given(end, "end");
        int frames = begin.length;
        checkSizes(frames, labels);
        require(end.length == frames, "%d frames begin, %d end", frames, end.length);
        long[] row = new long[frames + 1];
        for (int t = 0; t < frames; t++) {
            require(
                    begin[t] >= 0 && begin[t] < end[t] && end[t] <= labels + 1,
                    "frame %d: positions [%d, %d) aren't a part of [0, %d)",
                    t,
                    begin[t],
                    end[t],
                    labels + 1);
            require(
                    t == 0 || (begin[t] >= begin[t - 1] && end[t] >= end[t - 1]),
                    "frame %d: positions [%d, %d) go back behind those of the frame before",
                    t,
                    begin[t],
                    end[t]);
            row[t + 1] = row[t] + end[t] - begin[t];
        }
        return new Band(frames, labels, begin.clone(), end.clone(), row);
    }

    private static void checkSizes(int frames, int labels) {
        require(
                frames >= 1 && labels >= 0,
                "a lattice needs 1 frame and 0 labels or more, not %d and %d",
                frames,
                labels);
        require(labels < Integer.MAX_VALUE, "%d labels are too many: an index can't count their positions", labels);
    }

    private static void require(boolean condition, String message, int... numbers) {
        if (!condition) {
            Require.that(false, message, Arrays.stream(numbers).boxed().toArray());
        }
    }

    /**
     * T.
     *
     * @return number of frames
     */
    public int frames() {
        return frames;
    }

    /**
     * U.
     *
     * @return number of labels
     */
    public int labels() {
        return labels;
    }

    /**
     * First label position of a frame.
     *
     * @param t frame
     * @return u of its first node
     */
    public int begin(int t) {
        return begin == null ? 0 : begin[t];
    }

    /**
     * End of a frame's label positions.
     *
     * @param t frame
     * @return u of its last node, plus 1
     */
    public int end(int t) {
        return begin == null ? labels + 1 : end[t];
    }

    /**
     * Number of nodes before a frame.
     *
     * @param t frame, 0 to T
     * @return number of its first node
     */
    public long row(int t) {
        return begin == null ? t * (labels + 1L) : row[t];
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
     * Whether a node exists.
     *
     * @param t frame
     * @param u label position
     * @return false too where there is no such frame
     */
    public boolean contains(int t, int u) {
        return t >= 0 && t < frames && u >= begin(t) && u < end(t);
    }

    /**
     * The number of a node.
     *
     * @param t frame
     * @param u label position
     * @return its number, or -1 if it isn't in the band
     */
    public long node(int t, int u) {
        return contains(t, u) ? row(t) + u - begin(t) : -1;
    }

    /**
     * The frame that a node belongs to.
     *
     * @param node its number
     * @return t
     */
    public int frame(long node) {
        if (begin == null) {
            return (int) (node / (labels + 1L));
        }
        int found = Arrays.binarySearch(row, node);
        return found >= 0 ? found : -found - 2;
    }

    /**
     * Why no path gets from (0,0) to (T,U), if none does.
     *
     * @param topology where edges lead
     * @return the frame at which the last path ends, or -1 if there is a path
     */
    public int blocked(Topology topology) {
        if (begin(0) > 0) {
            return 0;
        }
        // The positions that paths can reach at a frame are an interval from begin(t) up.
        int highest = topology.labelTakesFrame() ? 0 : end(0) - 1;
        for (int t = 1; t < frames; t++) {
            highest = switch (topology) {
                case REGULAR -> highest >= begin(t) ? end(t) - 1 : -1;
                case MODIFIED -> Math.min(highest + 1, end(t) - 1);
                case CONSTRAINED -> Math.min(highest + 1 < end(t - 1) ? highest + 1 : highest, end(t) - 1);
            };
            if (highest < begin(t)) {
                return t;
            }
        }
        boolean arrives = switch (topology) {
            case REGULAR -> highest == labels;
            case MODIFIED -> highest + 1 >= labels;
            case CONSTRAINED -> highest == labels || (highest + 1 == labels && end(frames - 1) > labels);
        };
        return arrives ? -1 : frames - 1;
    }
}
