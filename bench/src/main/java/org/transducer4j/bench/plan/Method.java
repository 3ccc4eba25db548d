package org.transducer4j.bench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.Schedule;

/**
 * A way to compute the loss: which nodes exist and how many are in flight.
 *
 * @param name as in {@code t4j train --loss}
 * @param schedule how many nodes are in flight
 * @param band which nodes of a lattice exist; where they depend on data, as many as there will be
 * @param exact whether that is the loss over all paths
 * @param simpleJoiner whether it needs the scores of a simple joiner, (T, V) and (U+1, V)
 */
public record Method(
        String name, Schedule schedule, Function<Lengths, Band> band, boolean exact, boolean simpleJoiner) {
    /**
     * All methods.
     *
     * @param split utterances of a sub-batch
     * @param buffer frames that a token may come early or late of its alignment
     * @param pruneRange S, label positions of a frame
     * @return the methods, the largest first
     */
    public static List<Method> all(int split, int buffer, int pruneRange) {
        List<Method> methods = new ArrayList<>();
        for (String word : List.of("batched", "split:" + split, "packed", "sample-wise", "tiled")) {
            methods.add(exact(word, Schedule.parse(word)));
        }
        methods.add(aligned("aligned", buffer));
        methods.add(pruned("pruned", pruneRange));
        return methods;
    }

    /**
     * The loss over all paths.
     *
     * @param name of the method
     * @param schedule how many nodes are in flight
     * @return the method
     */
    public static Method exact(String name, Schedule schedule) {
        return new Method(name, schedule, Method::full, true, false);
    }

    /**
     * Near an alignment, in tiles.
     *
     * @param name of the method
     * @param buffer frames that a token may come early or late of its alignment
     * @return the method
     */
    public static Method aligned(String name, int buffer) {
        AlignmentBounds bounds = new AlignmentBounds(buffer, buffer);
        return new Method(name, new Schedule.Tiled(), l -> aligned(l, bounds), false, false);
    }

    /**
     * Where a simple joiner looks, in tiles.
     *
     * @param name of the method
     * @param range S, label positions of a frame, 2 or more
     * @return the method
     */
    public static Method pruned(String name, int range) {
        if (range < 2) {
            throw new IllegalArgumentException("the prune range must be 2 label positions or more, not " + range);
        }
        return new Method(name, new Schedule.Tiled(), l -> pruned(l, range), false, true);
    }

    private static Band full(Lengths lengths) {
        return Band.full(lengths.frames(), lengths.labels());
    }

    private static Band aligned(Lengths lengths, AlignmentBounds bounds) {
        return bounds.band("of these lengths", lengths.evenAlignment(), lengths.frames(), Topology.REGULAR);
    }

    /** S positions that move up evenly. */
    private static Band pruned(Lengths lengths, int range) {
        int frames = lengths.frames();
        int positions = lengths.labels() + 1;
        int last = Math.max(0, positions - range);
        int[] begin = new int[frames];
        int[] end = new int[frames];
        for (int t = 0; t < frames; t++) {
            begin[t] = frames == 1 ? 0 : (int) Math.round(t * (double) last / (frames - 1));
            end[t] = Math.min(positions, begin[t] + range);
        }
        if (frames == 1) {
            end[0] = positions;
        }
        return Band.of(lengths.labels(), begin, end);
    }
}
