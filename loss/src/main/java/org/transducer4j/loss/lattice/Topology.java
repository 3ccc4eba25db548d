package org.transducer4j.loss.lattice;

/** Where the edges of a lattice lead. A blank always leads from (t,u) to (t+1,u); a path ends at (T,U). */
public enum Topology {
    /** A label leads from (t,u) to (t,u+1): any number of labels a frame (Graves 2012, arXiv 1211.3711). */
    REGULAR,
    /** A label leads from (t,u) to (t+1,u+1), so it takes a frame: at most one label a frame, U at most T. */
    MODIFIED,
    /**
     * As MODIFIED, but the label's frame must also end with the blank of the next position: the edge from (t,u) to
     * (t+1,u+1) weighs ly(t,u) + lb(t,u+1). At most one label a frame, U at most T (k2's "constrained").
     */
    CONSTRAINED;

    /**
     * Whether a label takes a frame.
     *
     * @return true for all but REGULAR
     */
    public boolean labelTakesFrame() {
        return this != REGULAR;
    }
}
