package org.transducer4j.loss.method;

import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/**
 * The nodes near an alignment (Mahadeokar et al. 2020, arXiv 2011.03072).
 *
 * @param bounds how far from it
 */
public record AlignedBand(AlignmentBounds bounds) implements BandRule {
    /** Ten frames to either side. */
    public AlignedBand() {
        this(new AlignmentBounds(10, 10));
    }

    @Override
    public String name() {
        return "aligned";
    }

    @Override
    public String usage() {
        return "aligned[:FRAMES|:LEFT,RIGHT]";
    }

    @Override
    public BandRule with(String arguments) {
        String[] parts = arguments.split(",", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException(
                    "aligned takes one or two numbers of frames (" + usage() + "), got \"" + arguments + "\"");
        }
        int left = WholeNumber.read(parts[0], "aligned", usage());
        int right = parts.length == 1 ? left : WholeNumber.read(parts[1], "aligned", usage());
        return new AlignedBand(new AlignmentBounds(left, right));
    }

    @Override
    public String word() {
        if (equals(new AlignedBand())) {
            return name();
        }
        return name() + ":" + bounds.left() + (bounds.left() == bounds.right() ? "" : "," + bounds.right());
    }

    /** Tokens at even distances have about as many nodes near them as others. */
    @Override
    public Band planned(int frames, int labels, Topology topology) {
        int[] aligned = new int[labels];
        for (int u = 0; u < labels; u++) {
            aligned[u] = (int) ((u + 0.5) * frames / labels);
        }
        return bounds.band("of these lengths", aligned, frames, topology);
    }
}
