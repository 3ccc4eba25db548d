package org.transducer4j.loss.method;

import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/**
 * The label positions at each frame that a simple joiner finds most probable (Kuang et al. 2022, arXiv 2206.13236).
 *
 * @param range S, label positions of a frame, 2 or more
 */
public record PrunedBand(int range) implements BandRule {
    /** Checks the range. */
    public PrunedBand {
        if (range < 2) {
            throw new IllegalArgumentException("the prune range must be 2 label positions or more, not " + range);
        }
    }

    /** Five positions. */
    public PrunedBand() {
        this(5);
    }

    @Override
    public String name() {
        return "pruned";
    }

    @Override
    public String usage() {
        return "pruned[:S]";
    }

    @Override
    public BandRule with(String arguments) {
        return new PrunedBand(WholeNumber.read(arguments, "pruned", usage()));
    }

    @Override
    public String word() {
        return equals(new PrunedBand()) ? name() : name() + ":" + range;
    }

    /** S positions, more where so few lead to no end, that move up evenly. */
    @Override
    public Band planned(int frames, int labels, Topology topology) {
        int width = Pruning.of(range).width(frames, labels, topology);
        int last = labels + 1 - width;
        int[] begin = new int[frames];
        int[] end = new int[frames];
        for (int t = 0; t < frames; t++) {
            begin[t] = frames == 1 ? 0 : (int) Math.round(t * (double) last / (frames - 1));
            end[t] = begin[t] + width;
        }
        return Band.of(labels, begin, end);
    }
}
