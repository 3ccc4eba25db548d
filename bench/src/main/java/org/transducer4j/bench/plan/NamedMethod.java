package org.transducer4j.bench.plan;

import java.util.ArrayList;
import java.util.List;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignedBand;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.FullBand;
import org.transducer4j.loss.method.Method;
import org.transducer4j.loss.method.PrunedBand;

/**
 * A method of a transducer's head under the name that tables show.
 *
 * @param name what tables show: the word that was asked for
 * @param method how it is computed
 */
public record NamedMethod(String name, Method method) {
    /** Losses that plans and measurements of a head know. */
    public static final List<String> LOSSES = List.of(Method.TRANSDUCER);

    /**
     * Checks the loss.
     *
     * @throws IllegalArgumentException if it is none of {@link #LOSSES}
     */
    public NamedMethod {
        method.requireLosses(LOSSES);
    }

    /**
     * Reads a method.
     *
     * @param word what {@link Method#parse(String)} reads
     * @param occupancyFloor what +floor in it means
     * @return the method under this word
     * @throws IllegalArgumentException if it is no method, or one of another loss
     */
    public static NamedMethod parse(String word, double occupancyFloor) {
        return new NamedMethod(word, Method.parse(word, occupancyFloor, LOSSES));
    }

    /**
     * One of each schedule and each band, under names without numbers for bands.
     *
     * @param split utterances of a sub-batch
     * @param buffer frames that a token may come early or late of its alignment
     * @param pruneRange S, label positions of a frame
     * @return the methods, the largest first
     */
    public static List<NamedMethod> usual(int split, int buffer, int pruneRange) {
        List<NamedMethod> methods = new ArrayList<>();
        for (String word : List.of("batched", "split:" + split, "packed", "sample-wise", "tiled")) {
            methods.add(parse(word, 0));
        }
        AlignedBand aligned = new AlignedBand(new AlignmentBounds(buffer, buffer));
        PrunedBand pruned = new PrunedBand(pruneRange);
        methods.add(new NamedMethod(aligned.name(), Method.parse(aligned.word())));
        methods.add(new NamedMethod(pruned.name(), Method.parse(pruned.word())));
        return methods;
    }

    /**
     * Whether it is the loss over all paths.
     *
     * @return whether all nodes exist
     */
    public boolean exact() {
        return method.band() instanceof FullBand;
    }

    /**
     * Whether it needs the scores of a simple joiner, (T, V) and (U+1, V).
     *
     * @return whether that chooses the nodes
     */
    public boolean simpleJoiner() {
        return method.band() instanceof PrunedBand;
    }

    /**
     * The nodes of an utterance.
     *
     * @param lengths T and U
     * @return those that exist; where they depend on data, as many as there will be
     */
    public Band band(Lengths lengths) {
        return method.band().planned(lengths.frames(), lengths.labels(), Topology.REGULAR);
    }
}
