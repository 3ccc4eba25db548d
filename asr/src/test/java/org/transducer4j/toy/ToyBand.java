package org.transducer4j.toy;

import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.BandRule;

/**
 * A band from outside: the label positions near the straight line from the first frame to the last.
 *
 * @param width positions to either side, 1 or more
 */
public record ToyBand(int width) implements BandRule {
    /** Two positions to either side. */
    public ToyBand() {
        this(2);
    }

    @Override
    public String name() {
        return "diagonal";
    }

    @Override
    public String usage() {
        return "diagonal[:WIDTH]";
    }

    @Override
    public BandRule with(String arguments) {
        return new ToyBand(Integer.parseInt(arguments));
    }

    @Override
    public String word() {
        return width == 2 ? name() : name() + ":" + width;
    }

    @Override
    public Band planned(int frames, int labels, Topology topology) {
        int steepest = Math.ceilDiv(labels, Math.max(1, frames - 1));
        int[] begin = new int[frames];
        int[] end = new int[frames];
        for (int t = 0; t < frames; t++) {
            int middle = frames == 1 ? labels : (int) ((long) labels * t / (frames - 1));
            begin[t] = frames == 1 ? 0 : Math.max(0, middle - width);
            end[t] = Math.min(labels, middle + Math.max(width, steepest)) + 1;
        }
        return Band.of(labels, begin, end);
    }
}
