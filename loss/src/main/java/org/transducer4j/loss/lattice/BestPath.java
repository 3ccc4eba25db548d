package org.transducer4j.loss.lattice;

/**
 * The most probable path through a lattice (Viterbi): at which frame each label is emitted.
 *
 * @param frames the frame of each of the U labels; empty where there is no path of finite probability. Copied on the way in and out
 * @param logProbability of that path alone, natural log; negative infinity, or NaN, where there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record BestPath(int[] frames, double logProbability) {
    private static final double NEVER = Double.NEGATIVE_INFINITY;
    private static final int[] NONE = {};

    /** Copies the frames. */
    public BestPath {
        frames = frames.clone();
    }

    @Override
    public int[] frames() {
        return frames.clone();
    }

    /** What the edges of a lattice weigh, natural logs. Asked for nodes of the band only. */
    public interface Edges {
        /**
         * The edge from (t,u) to (t+1,u).
         *
         * @param t frame
         * @param u label position
         * @return log P(blank)
         */
        double blank(int t, int u);

        /**
         * The edge that emits label u+1 at frame t.
         *
         * @param t frame
         * @param u label position below U
         * @return what it weighs in the lattice's topology; negative infinity if it leads out of the band
         */
        double label(int t, int u);
    }

    /**
     * Searches. Among paths of equal probability it is the one that emits first where they part.
     *
     * @param band the nodes
     * @param topology where edges lead
     * @param edges what they weigh
     * @param toEnd room for a double a node; overwritten with the best score from the node to the end
     * @param first where the first node's is
     * @return the path
     */
    public static BestPath find(Band band, Topology topology, Edges edges, double[] toEnd, int first) {
        Search search = new Search(band, topology.labelTakesFrame() ? 1 : 0, edges, toEnd, first);
        for (int t = band.frames() - 1; t >= 0; t--) {
            for (int u = band.end(t) - 1; u >= band.begin(t); u--) {
                toEnd[first + (int) band.node(t, u)] = Math.max(search.viaBlank(t, u), search.viaLabel(t, u));
            }
        }
        double logProbability = search.toEnd(0, 0);
        return new BestPath(Double.isFinite(logProbability) ? search.trace() : NONE, logProbability);
    }

    private record Search(Band band, int step, Edges edges, double[] toEnd, int first) {
        double toEnd(int t, int u) {
            if (t == band.frames()) {
                return u == band.labels() ? 0 : NEVER;
            }
            long node = band.node(t, u);
            return node < 0 ? NEVER : toEnd[first + (int) node];
        }

        double viaBlank(int t, int u) {
            return edges.blank(t, u) + toEnd(t + 1, u);
        }

        double viaLabel(int t, int u) {
            return u < band.labels() ? edges.label(t, u) + toEnd(t + step, u + 1) : NEVER;
        }

        int[] trace() {
            int[] frames = new int[band.labels()];
            int t = 0;
            for (int u = 0; u < frames.length; u++) {
                while (viaLabel(t, u) < viaBlank(t, u)) {
                    t++;
                }
                frames[u] = t;
                t += step;
            }
            return frames;
        }
    }
}
