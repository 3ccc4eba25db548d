package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * C = A B from strips of A and packed panels of B, and C += A^T B from strips of both, in blocks that are shared out to
 * threads. Every element is summed in the same order, whoever computes it.
 *
 * <p>No block is computed aside: C has room for whole blocks, and what lies beyond its rows and columns means nothing.
 */
public final class Products {
    /** How much of A a task takes at a time: it stays in the second cache while panel after panel passes. */
    private static final int STRIP_BYTES = 400 << 10;

    /** The most k that are summed at a time: strip and panel of so many stay in the nearer caches. */
    private static final int DEPTH = 1100;

    private final Operations operations;
    private final Workers workers;
    private final int strip;
    private final int blockRows;
    private final int outerRows;
    private final int lanes;

    /**
     * Where a product goes.
     *
     * @param array its array
     * @param offset of its first element
     * @param byRow from a row to the one below
     * @param byVector from a vector to the one on its right
     * @param byStrip from a strip of rows to the next
     */
    public record Target(float[] array, int offset, int byRow, int byVector, int byStrip) {}

    /** Columns cut into panels, as wide as blocks are: wide ones, and narrow ones for what is left. */
    private record Panels(int wide, int wideVectors, int narrow, int narrowVectors) {
        int count() {
            return wide + narrow;
        }

        int first(int j) {
            return j < wide ? j * wideVectors : wide * wideVectors + (j - wide) * narrowVectors;
        }

        int vectors(int j) {
            return j < wide ? wideVectors : narrowVectors;
        }

        /** Where row k of a panel begins in a packed matrix of a depth, in vectors. */
        int at(int j, int k, int depth) {
            return first(j) * depth + k * vectors(j);
        }

        int columns() {
            return first(count());
        }
    }

    public Products(Operations operations, Workers workers) {
        this.operations = operations;
        this.workers = workers;
        strip = operations.strip();
        blockRows = operations.blockRows();
        outerRows = operations.outerRows();
        lanes = operations.lanes();
    }

    private int strips(int rows) {
        return Math.ceilDiv(rows, strip);
    }

    private Panels panels(int columns) {
        int wide = operations.wide();
        int narrow = operations.narrow();
        // One vector more until they can be cut.
        for (int vectors = Math.max(narrow, Math.ceilDiv(columns, lanes)); ; vectors++) {
            for (int left = 0; left <= vectors && left < wide * narrow; left += narrow) {
                if ((vectors - left) % wide == 0) {
                    return new Panels((vectors - left) / wide, wide, left / narrow, narrow);
                }
            }
        }
    }

    /** Rounds up to whole strips. */
    long stripRows(long rows) {
        return (rows + strip - 1) / strip * strip;
    }

    /** Rounds up to whole blocks of an outer product. */
    int outerRows(int rows) {
        return Math.ceilDiv(rows, outerRows) * outerRows;
    }

    /** Rounds up to whole panels. */
    int panelColumns(int columns) {
        return panels(columns).columns() * lanes;
    }

    /** Rounds up to whole vectors, and to what an outer product reads at once. */
    int vectors(int n) {
        int together = Math.max(lanes, outerRows);
        return Math.ceilDiv(n, together) * together;
    }

    /** A stride of rows with which they can be read as whole vectors and written as whole panels. */
    public int stride(int columns) {
        return Math.max(panelColumns(columns), vectors(columns));
    }

    /** Rows of so many columns in strips. */
    public Strips inStrips(int columns) {
        return new Strips(strip, lanes, strip * stride(columns));
    }

    /** Row-major, with room for whole blocks. */
    public Target rows(float[] c, int offset, int stride) {
        return new Target(c, offset, stride, lanes, strip * stride);
    }

    /** In strips, from the beginning of one. */
    public Target strips(float[] c, int offset, Strips strips) {
        return new Target(c, offset, lanes, strips.step(), strips.size());
    }

    /** All rows of the first vector, then those of the second: for a sum that is touched again and again. */
    public Target columns(float[] c, int rows) {
        return new Target(c, 0, lanes, outerRows(rows) * lanes, strip * lanes);
    }

    /** What is done with some strips. */
    public interface StripsTask {
        void run(int from, int to);
    }

    /** What is done with a row. */
    interface RowTask {
        void run(int row);
    }

    /**
     * Shares out the strips of so many rows, so that those of a task fit the second cache, and there are as many tasks for each thread: it
     * then takes in every phase the rows that it had in the one before.
     *
     * @param bytesARow what a task reads and writes of a row
     * @param operationsARow floating-point operations
     */
    public void forStrips(int rows, long bytesARow, long operationsARow, StripsTask task) {
        int strips = strips(rows);
        int fit = Math.clamp(STRIP_BYTES / (strip * bytesARow), 1, strips);
        int threads = workers.threads();
        int tasks = Math.min(strips, Math.ceilDiv(Math.ceilDiv(strips, fit), threads) * threads);
        workers.run(
                tasks,
                operationsARow * rows,
                i -> task.run(Workers.share(strips, i, tasks), Workers.share(strips, i + 1, tasks)));
    }

    /** The rows of some strips, of so many rows in all. */
    void forRows(int from, int to, int rows, RowTask task) {
        int end = Math.min(rows, to * strip);
        for (int r = from * strip; r < end; r++) {
            task.run(r);
        }
    }

    /** C = A B over depth for some strips, by the calling thread; the first strip of A and C is at an offset of theirs. */
    public void multiply(
            int from, int to, int columns, int depth, float[] a, int ao, Strips strips, float[] b, Target c) {
        Panels panels = panels(columns);
        int step = step(depth);
        for (int k = 0; k < depth; k += step) {
            int kk = Math.min(step, depth - k);
            for (int j = 0; j < panels.count(); j++) {
                int vectors = panels.vectors(j);
                int bo = panels.at(j, k, depth) * lanes;
                int column = c.offset + panels.first(j) * c.byVector;
                for (int i = from; i < to; i++) {
                    for (int r = 0; r < strip; r += blockRows) {
                        operations.block(
                                a,
                                ao + i * strips.size() + k * strip + r * lanes,
                                b,
                                bo,
                                kk,
                                vectors,
                                c.array,
                                column + i * c.byStrip + r * c.byRow,
                                c.byVector,
                                c.byRow,
                                k > 0);
                    }
                }
            }
        }
    }

    /** How many k are summed at a time. */
    private int step(int depth) {
        int parts = Math.ceilDiv(depth, DEPTH);
        return parts == 1 ? depth : vectors(Math.ceilDiv(depth, parts));
    }

    /** C (width x columns) += A^T B, from so many rows of A and of B; the first strip of B is at an offset. */
    public void addOuter(
            int width, int columns, int rows, float[] a, Strips left, float[] b, int bo, Strips right, Target c) {
        int count = Math.ceilDiv(width, outerRows);
        int groups = Math.min(count, workers.threads());
        Panels panels = panels(columns);
        workers.run(groups * panels.count(), 2L * width * columns * rows, task -> {
            int j = task % panels.count();
            int from = Workers.share(count, task / panels.count(), groups);
            int to = Workers.share(count, task / panels.count() + 1, groups);
            for (int i = from; i < to; i++) {
                operations.outer(
                        a,
                        left.column(i * outerRows),
                        left.size(),
                        b,
                        bo + panels.first(j) * right.step(),
                        right.size(),
                        rows,
                        panels.vectors(j),
                        c.array,
                        c.offset + i * outerRows * c.byRow + panels.first(j) * c.byVector,
                        c.byVector,
                        c.byRow);
            }
        });
    }

    /** Puts a row, of which whole vectors can be read, into strips. */
    void pack(float[] row, int offset, int columns, float[] a, Strips strips, int i) {
        operations.scale(row, offset, lanes, 1, a, strips.at(i), strips.step(), Math.ceilDiv(columns, lanes));
    }

    /** Packs row k of B (depth x columns), of which whole panels can be read. */
    void packRight(float[] row, int offset, int columns, int depth, float[] b, int k) {
        Panels panels = panels(columns);
        for (int j = 0; j < panels.count(); j++) {
            int from = offset + panels.first(j) * lanes;
            operations.scale(row, from, lanes, 1, b, panels.at(j, k, depth) * lanes, lanes, panels.vectors(j));
        }
    }

    /** An element of a matrix that is to be packed. */
    private interface Element {
        float get(int k, int column);
    }

    /** Packs B (depth x columns) by elements, panels side by side; beyond its columns is what an element is there. */
    private void packRight(int columns, int depth, float[] b, Element element) {
        Panels panels = panels(columns);
        workers.run(panels.count(), 4L * columns * depth, j -> {
            int first = panels.first(j) * lanes;
            int width = panels.vectors(j) * lanes;
            for (int c = 0; c < width; c++) {
                int to = panels.at(j, 0, depth) * lanes + c;
                for (int k = 0; k < depth; k++, to += width) {
                    b[to] = element.get(k, first + c);
                }
            }
        });
    }

    /** Packs B, which is given as the rows of its transpose: as many as B has columns, stride apart. */
    void packRightTransposed(float[] source, int stride, int columns, int depth, float[] b) {
        packRight(columns, depth, b, (k, column) -> column < columns ? source[column * stride + k] : 0);
    }

    /**
     * Packs (W b) (V x (H+1)) as the right matrix of z = (h 1) (W b)^T: depth H+1, columns V. Columns beyond V become
     * -infinity, which is nothing to a softmax.
     */
    void packTransposed(MemorySegment w, MemorySegment bias, int v, int h, float[] b) {
        packRight(v, h + 1, b, (k, row) -> {
            if (row >= v) {
                return k < h ? 0 : Float.NEGATIVE_INFINITY;
            }
            return k < h
                    ? w.getAtIndex(JAVA_FLOAT_UNALIGNED, (long) row * h + k)
                    : bias.getAtIndex(JAVA_FLOAT_UNALIGNED, row);
        });
    }

    /** Packs W (V x H) as the right matrix of dh = dz W: depth V, columns H. */
    void packStraight(MemorySegment w, int v, int h, float[] b) {
        Panels panels = panels(h);
        workers.run(panels.count(), 4L * v * h, j -> {
            int first = panels.first(j) * lanes;
            int width = panels.vectors(j) * lanes;
            int inside = Math.min(width, h - first);
            for (int k = 0; k < v; k++) {
                int to = panels.at(j, k, v) * lanes;
                long from = ((long) k * h + first) * Float.BYTES;
                MemorySegment.copy(w, JAVA_FLOAT_UNALIGNED, from, b, to, inside);
                Arrays.fill(b, to + inside, to + width, 0);
            }
        });
    }
}
