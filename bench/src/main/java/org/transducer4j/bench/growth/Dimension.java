package org.transducer4j.bench.growth;

import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.bench.plan.HeadSize;

/** A number of a shape. */
public enum Dimension {
    /** Utterances. */
    B,
    /** Frames. */
    T,
    /** Labels. */
    U,
    /** Symbols. */
    V,
    /** Joint width. */
    H;

    /**
     * Reads it off a shape.
     *
     * @param shape which
     * @return the number
     */
    public int of(HeadShape shape) {
        return switch (this) {
            case B -> shape.batch();
            case T -> shape.frames();
            case U -> shape.labels();
            case V -> shape.size().vocabulary();
            case H -> shape.size().width();
        };
    }

    /**
     * A shape with this number multiplied.
     *
     * @param shape from
     * @param factor at least 1
     * @return the larger shape
     * @throws IllegalArgumentException if the number doesn't fit into an int
     */
    public HeadShape times(HeadShape shape, int factor) {
        long larger = (long) of(shape) * factor;
        if (larger > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(this + " can't become " + larger);
        }
        int n = (int) larger;
        HeadSize size = shape.size();
        return switch (this) {
            case B -> new HeadShape(n, shape.frames(), shape.labels(), size);
            case T -> new HeadShape(shape.batch(), n, shape.labels(), size);
            case U -> new HeadShape(shape.batch(), shape.frames(), n, size);
            case V -> new HeadShape(shape.batch(), shape.frames(), shape.labels(), new HeadSize(n, size.width()));
            case H -> new HeadShape(shape.batch(), shape.frames(), shape.labels(), new HeadSize(size.vocabulary(), n));
        };
    }
}
