package org.transducer4j.loss.input;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.internal.check.Segments;

/**
 * A dense row-major matrix in memory that somebody owns: on the heap, off it, or inside a tensor of another framework. It
 * copies nothing.
 *
 * @param data at least rows x columns elements in native byte order, the first row at offset 0
 * @param rows number of rows, 0 or more
 * @param columns number of columns, 1 or more
 * @param format of the elements
 */
public record Matrix(MemorySegment data, long rows, int columns, Format format) {
    /** How elements are stored. Everything is computed in float32 or double. */
    public enum Format {
        /** IEEE 754 single precision. */
        FLOAT32(Float.BYTES),
        /**
         * The upper half of a float32, rounded to nearest, ties to even: for encoder and predictor outputs of
         * the joint network, where half of the memory counts for more than 8 bits of the mantissa.
         */
        BFLOAT16(Short.BYTES);

        private final int bytes;

        Format(int bytes) {
            this.bytes = bytes;
        }

        /**
         * The size of an element.
         *
         * @return bytes
         */
        public int bytes() {
            return bytes;
        }
    }

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if the segment is too small or over an array of other elements, or a size is negative, zero where
     *     it can't be, or beyond all memory
     * @throws NullPointerException if something is null, by its name
     */
    public Matrix {
        Require.given(data, "data");
        Require.given(format, "format");
        Require.that(rows >= 0, "a matrix needs rows >= 0, not %d", rows);
        Require.that(columns >= 1, "a matrix needs columns >= 1, not %d", columns);
        Segments.requireElements("a matrix", data, format.bytes);
        long expected = Require.product("a matrix", rows, columns, format.bytes);
        Require.that(
                data.byteSize() >= expected,
                "a %d x %d %s matrix needs %d bytes, the segment has %d",
                rows,
                columns,
                format.name().toLowerCase(Locale.ROOT),
                expected,
                data.byteSize());
    }

    /**
     * A matrix of float32.
     *
     * @param data at least rows x columns floats in native byte order, the first row at offset 0
     * @param rows number of rows, 0 or more
     * @param columns number of columns, 1 or more
     * @throws IllegalArgumentException if the segment is too small or over an array of other elements, or a size is negative, zero where
     *     it can't be, or beyond all memory
     * @throws NullPointerException if the segment is null
     */
    public Matrix(MemorySegment data, long rows, int columns) {
        this(data, rows, columns, Format.FLOAT32);
    }

    /**
     * Wraps an array, row after row; changes go through.
     *
     * @param columns number of columns; the array's length must be a multiple of it
     * @param values the elements
     * @return the matrix over the array
     * @throws IllegalArgumentException if the array isn't made of rows of so many columns
     */
    public static Matrix of(int columns, float... values) {
        Require.given(values, "values");
        Require.that(columns >= 1, "a matrix needs columns >= 1, not %d", columns);
        Require.that(
                values.length % columns == 0,
                "an array of %d floats isn't made of rows of %d columns",
                values.length,
                columns);
        return new Matrix(MemorySegment.ofArray(values), values.length / columns, columns);
    }

    /**
     * Allocates a float32 matrix of zeros off the heap.
     *
     * @param arena owner of the memory
     * @param rows number of rows
     * @param columns number of columns
     * @return the matrix
     */
    public static Matrix zeros(Arena arena, long rows, int columns) {
        return zeros(arena, rows, columns, Format.FLOAT32);
    }

    /**
     * Allocates a matrix of zeros off the heap.
     *
     * @param arena owner of the memory
     * @param rows number of rows
     * @param columns number of columns
     * @param format of the elements
     * @return the matrix
     * @throws IllegalArgumentException if a size is negative, zero where it can't be, or beyond all memory
     */
    public static Matrix zeros(Arena arena, long rows, int columns, Format format) {
        Require.given(arena, "arena");
        Require.given(format, "format");
        Require.that(rows >= 0, "a matrix needs rows >= 0, not %d", rows);
        Require.that(columns >= 1, "a matrix needs columns >= 1, not %d", columns);
        long bytes = Require.product("a matrix", rows, columns, format.bytes);
        return new Matrix(arena.allocate(bytes, format.bytes), rows, columns, format);
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
        if (from < 0 || count < 0 || from > rows - count) {
            throw new IndexOutOfBoundsException(
                    "rows " + from + " to " + from + " + " + count + " of a matrix of " + rows + " rows");
        }
        return new Matrix(data.asSlice(offset(from, 0), offset(count, 0)), count, columns, format);
    }

    /** Sets all elements to 0. */
    public void clear() {
        extent().fill((byte) 0);
    }

    /**
     * The memory of the elements alone, where the segment is larger.
     *
     * @return the segment from its begin to the last row's end
     */
    public MemorySegment extent() {
        return data.asSlice(0, offset(rows, 0));
    }

    private long at(long row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    "row " + row + ", column " + column + " of a matrix of " + rows + " x " + columns);
        }
        return offset(row, column);
    }

    private long offset(long row, int column) {
        return (row * columns + column) * format.bytes;
    }

    /**
     * One element; for looking at results, not for loops.
     *
     * @param row row
     * @param column column
     * @return the element
     * @throws IndexOutOfBoundsException if there is no such row or column
     */
    public float get(long row, int column) {
        return switch (format) {
            case FLOAT32 -> data.get(JAVA_FLOAT_UNALIGNED, at(row, column));
            case BFLOAT16 -> widened(data.get(JAVA_SHORT_UNALIGNED, at(row, column)));
        };
    }

    /**
     * Sets one element; for small things, not for loops.
     *
     * @param row row
     * @param column column
     * @param value rounded to the format
     * @throws IndexOutOfBoundsException if there is no such row or column
     */
    public void set(long row, int column, float value) {
        switch (format) {
            case FLOAT32 -> data.set(JAVA_FLOAT_UNALIGNED, at(row, column), value);
            case BFLOAT16 -> data.set(JAVA_SHORT_UNALIGNED, at(row, column), narrowed(value));
        }
    }

    /**
     * Copies a row out.
     *
     * @param row row
     * @param to where to
     * @param at index of the first element there
     * @throws IndexOutOfBoundsException if there is no such row, or no room in the array
     */
    public void read(long row, float[] to, int at) {
        long from = at(row, 0);
        switch (format) {
            case FLOAT32 -> MemorySegment.copy(data, JAVA_FLOAT_UNALIGNED, from, to, at, columns);
            case BFLOAT16 -> {
                for (int c = 0; c < columns; c++) {
                    to[at + c] = widened(data.get(JAVA_SHORT_UNALIGNED, from + (long) c * Short.BYTES));
                }
            }
        }
    }

    /**
     * Copies a row in, rounded to the format.
     *
     * @param row row
     * @param from where from
     * @param at index of the first element there
     * @throws IndexOutOfBoundsException if there is no such row, or no room in the array
     */
    public void write(long row, float[] from, int at) {
        long to = at(row, 0);
        switch (format) {
            case FLOAT32 -> MemorySegment.copy(from, at, data, JAVA_FLOAT_UNALIGNED, to, columns);
            case BFLOAT16 -> {
                for (int c = 0; c < columns; c++) {
                    data.set(JAVA_SHORT_UNALIGNED, to + (long) c * Short.BYTES, narrowed(from[at + c]));
                }
            }
        }
    }

    private static float widened(short upper) {
        return Float.intBitsToFloat(upper << 16);
    }

    /** To nearest, ties to even; NaN stays NaN. */
    private static short narrowed(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
