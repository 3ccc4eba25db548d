package org.transducer4j.loss.method;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/**
 * A rule that says which nodes of a lattice exist: the door for bands. To add one is to write its class, whose constructor without
 * arguments makes it as its bare name means it, and to register that class as a service.
 */
public interface BandRule {
    /**
     * The rules that there are.
     *
     * @return as their bare names mean them, ours first
     */
    static List<BandRule> all() {
        List<BandRule> all = new ArrayList<>();
        ServiceLoader.load(BandRule.class, BandRule.class.getClassLoader()).forEach(all::add);
        return List.copyOf(all);
    }

    /**
     * Reads a rule.
     *
     * @param word full, aligned[:...], pruned[:S] or that of another registered rule
     * @return the rule
     * @throws IllegalArgumentException if there is none of that name, or more than one, or it doesn't take these arguments
     */
    static BandRule parse(String word) {
        List<BandRule> all = all();
        int colon = word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        List<BandRule> named =
                all.stream().filter(rule -> rule.name().equals(name)).toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("there is no band \"" + word + "\"; there are: "
                    + all.stream().map(BandRule::usage).collect(Collectors.joining(", ")));
        }
        if (named.size() > 1) {
            throw new IllegalArgumentException("more than one band is called \"" + name + "\": "
                    + named.stream().map(rule -> rule.getClass().getName()).collect(Collectors.joining(", ")));
        }
        return colon < 0 ? named.getFirst() : named.getFirst().with(word.substring(colon + 1));
    }

    /**
     * What people call it.
     *
     * @return one lower-case word, for example aligned
     */
    String name();

    /**
     * How its text is written, for help and messages.
     *
     * @return for example pruned[:S]
     */
    String usage();

    /**
     * The same rule with what stands behind the colon.
     *
     * @param arguments without the colon; a colon with nothing behind it leaves them empty
     * @return the rule
     * @throws IllegalArgumentException if it takes none, or not these
     */
    BandRule with(String arguments);

    /**
     * What {@link #parse} reads back as this rule. Arguments have no blank, slash or plus sign.
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
