package org.transducer4j.loss.method;

import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/**
 * A rule that says which nodes of a lattice exist: the door for bands. To add one is to write its class, whose constructor without
 * arguments makes it as its bare name means it, and to register that class as a service.
 */
public interface BandRule {
    /**
     * What people call it.
     *
     * @return one lower-case word, for example aligned
     */
    String name();

    /**
     * How its text is written, for help and messages.
     *
     * @return for example aligned[:FRAMES]
     */
    String usage();

    /**
     * The same rule with what stands behind the colon.
     *
     * @param arguments never empty
     * @return the rule
     * @throws IllegalArgumentException if it takes none, or not these
     */
    BandRule with(String arguments);

    /**
     * What {@link Method} reads back as this rule.
     *
     * @return the name, with arguments behind a colon where they aren't the usual ones
     */
    String word();

    /**
     * The band of an utterance of which only the lengths are known: as many nodes as there will be, or more. Plans and checks of a
     * memory budget go by it.
     *
     * @param frames T, 1 or more
     * @param labels U
     * @param topology where edges lead
     * @return a band through which a path leads wherever one can
     */
    Band planned(int frames, int labels, Topology topology);
}
