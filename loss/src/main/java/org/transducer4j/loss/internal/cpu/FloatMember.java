package org.transducer4j.loss.internal.cpu;

import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;

/** An utterance in a group: where its rows, nodes and predictor outputs begin in the group's arrays. */
final class FloatMember {
    final Utterance utterance;
    final Band rows;
    final FloatLattice lattice;
    final long firstRow;
    final int predictorOffset;
    boolean taken = true;

    FloatMember(Utterance utterance, Band rows, FloatLattice lattice, long firstRow, int predictorOffset) {
        this.utterance = utterance;
        this.rows = rows;
        this.lattice = lattice;
        this.firstRow = firstRow;
        this.predictorOffset = predictorOffset;
    }

    long endRow() {
        return firstRow + rows.nodes();
    }

    /** Row of the encoder output for a frame; padding reads the last one, like any other number. */
    int encoderRow(int t) {
        return Math.min(t, lattice.band.frames() - 1);
    }

    int predictorRow(int u) {
        return Math.min(u, lattice.band.labels());
    }
}
