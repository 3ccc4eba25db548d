package org.transducer4j.loss.method;

import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/** All nodes: the exact loss over all paths. */
public record FullBand() implements BandRule {
    @Override
    public String name() {
        return "full";
    }

    @Override
    public String usage() {
        return name();
    }

    @Override
    public BandRule with(String arguments) {
        throw new IllegalArgumentException("the full band takes no arguments, got \"" + arguments + "\"");
    }

    @Override
    public String word() {
        return name();
    }

    @Override
    public Band planned(int frames, int labels, Topology topology) {
        return Band.full(frames, labels);
    }
}
