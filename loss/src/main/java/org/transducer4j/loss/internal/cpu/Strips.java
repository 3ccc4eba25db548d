package org.transducer4j.loss.internal.cpu;

/**
 * A matrix in strips of rows: in a strip, vector after vector, and for each vector row after row. A row is whole vectors at a
 * step, so whatever goes along rows reads and writes them so; the products read strips as they are, as a left matrix and on
 * both sides of an outer product.
 *
 * @param rows of a strip
 * @param lanes elements of a vector
 * @param size elements of a strip
 */
public record Strips(int rows, int lanes, int size) {
    /** From a vector of a row to the next. */
    int step() {
        return rows * lanes;
    }

    /** Where a row begins. */
    int at(int row) {
        return row / rows * size + row % rows * lanes;
    }

    /** From the beginning of a row to one of its elements. */
    int column(int k) {
        return k / lanes * step() + k % lanes;
    }

    /** Elements of an array of so many rows. */
    long room(long n) {
        return (n + rows - 1) / rows * size;
    }
}
