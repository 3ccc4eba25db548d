package org.transducer4j.loss;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A dense row-major float32 matrix in memory that somebody owns: on the heap, off it, or inside a tensor of another
 * framework. It copies nothing.
 *
 * @param data at least rows x columns floats in native byte order, the first row at offset 0
 * @param rows number of rows, 0 or more
 * @param columns number of columns, 1 or more
 */
public record Matrix(MemorySegment data, long rows, int columns) {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if the segment is too small, or a size is negative or zero where it can't be
     */
    public Matrix {
        Require.that(rows >= 0, "a matrix needs rows >= 0, not %d", rows);
        Require.that(columns >= 1, "a matrix needs columns >= 1, not %d", columns);
        long expected = Math.multiplyExact(Math.multiplyExact(rows, columns), Float.BYTES);
        Require.that(
                data.byteSize() >= expected,
                "a %d x %d float32 matrix needs %d bytes, the segment has %d",
                rows,
                columns,
                expected,
                data.byteSize());
    }

    /**
     * Wraps an array, row after row; changes go through.
     *
     * @param columns number of columns; the array's length must be a multiple of it
     * @param values the elements
     * @return the matrix over the array
     */
    public static Matrix of(int columns, float... values) {
        Require.that(columns >= 1, "a matrix needs columns >= 1, not %d", columns);
        Require.that(
                values.length % columns == 0,
                "an array of %d floats isn't made of rows of %d columns",
                values.length,
                columns);
        return new Matrix(MemorySegment.ofArray(values), values.length / columns, columns);
    }

    /**
     * Allocates a matrix of zeros off the heap.
     *
     * @param arena owner of the memory
     * @param rows number of rows
     * @param columns number of columns
     * @return the matrix
     */
    public static Matrix zeros(Arena arena, long rows, int columns) {
        return new Matrix(arena.allocate(Math.multiplyExact(rows, columns) * Float.BYTES, Float.BYTES), rows, columns);
    }

    /**
     * A view of some rows.
     *
     * @param from first row
     * @param count number of rows
     * @return the view
     * @throws IndexOutOfBoundsException if the rows aren't there
     */
    public Matrix rows(long from, long count) {
        long rowBytes = (long) columns * Float.BYTES;
        return new Matrix(data.asSlice(from * rowBytes, count * rowBytes), count, columns);
    }

    /** Sets all elements to 0. */
    public void clear() {
        data.asSlice(0, rows * columns * Float.BYTES).fill((byte) 0);
    }

    /**
     * One element; for looking at results, not for loops.
     *
     * @param row row
     * @param column column
     * @return the element
     */
    public float get(long row, int column) {
        return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (row * columns + column) * Float.BYTES);
    }
}
