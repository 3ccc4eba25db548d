package org.transducer4j.loss.internal.cpu;

import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.lattice.Band;

/**
 * What {@link FloatSimpleSample} holds for an utterance.
 *
 * @param band its lattice
 * @param vocabulary V
 * @param joiner how far am and lm count alone
 * @param operations inner loops
 * @param products the matrix products
 */
record SimpleSize(Band band, int vocabulary, SimpleJoiner joiner, Operations operations, Products products) {
    /** Frames of a chunk; fewer where the budget asks for it. */
    private static final int CHUNK = 256;

    static SimpleSize of(Utterance utterance, SimpleJoiner joiner, Operations operations, Products products) {
        return new SimpleSize(
                Band.full(utterance.frames(), utterance.labelCount()),
                utterance.encoder().value().columns(),
                joiner,
                operations,
                products);
    }

    int frames() {
        return band.frames();
    }

    /** U+1. */
    int positions() {
        return band.labels() + 1;
    }

    /** Of rows of V. */
    int stride() {
        return products.stride(vocabulary);
    }

    /** Of rows of U+1. */
    int sumStride() {
        return products.stride(positions());
    }

    /** Rows of V in strips. */
    Strips vocabularyStrips() {
        return products.inStrips(vocabulary);
    }

    /** Rows of U+1 in strips. */
    Strips positionStrips() {
        return products.inStrips(positions());
    }

    /** Frames of a chunk that the limit holds, bytes; 1 where it holds none. */
    int chunk(long limit) {
        int rows = Math.min(CHUNK, frames());
        while (rows > 1 && plan(rows).bytes() > limit) {
            rows = (rows + 1) / 2;
        }
        return rows;
    }

    /** Bytes that aren't kept from one utterance to the next. */
    long beside() {
        return (frames() + 2L * positions()) * Float.BYTES
                + FloatLattice.bytesBeside(band, operations)
                + SimpleSmoothing.bytes(frames(), positions(), vocabulary, joiner);
    }

    /** Lengths of the arrays with so many frames in a chunk. */
    Workspace.Plan plan(int rows) {
        long nodes = FloatLattice.room(band, operations);
        long stride = stride();
        long sumStride = sumStride();
        long chunkRows = products.stripRows(rows);
        long positionRows = products.outerRows(positions());
        return new Workspace.Plan()
                .floats(Use.BLANK_EDGE, nodes)
                .floats(Use.LABEL_EDGE, nodes)
                .floats(Use.SUM, nodes)
                .alpha(nodes)
                .floats(Use.PREDICTOR, positions() * stride)
                .floats(Use.PREDICTOR_GRADIENT, positionRows * stride)
                .floats(Use.WEIGHT_FORWARD, sumStride * vocabulary)
                .floats(Use.WEIGHT_BACKWARD, stride * positions())
                .floats(Use.HIDDEN, rows * stride)
                .floats(Use.HIDDEN_GRADIENT, chunkRows * stride)
                .floats(Use.TILE, chunkRows * sumStride)
                .floats(Use.LEFT_STRIPS, positionStrips().room(rows))
                .floats(Use.RIGHT_STRIPS, vocabularyStrips().room(rows))
                .beside(beside());
    }
}
