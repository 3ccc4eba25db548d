package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * C = A B or C += A B from packed strips of A and packed panels of B, in blocks of strip x panel that are shared out to
 * threads. Every element is summed over k in the same order, whoever computes it.
 *
 * <p>No block is computed aside: C has room for whole blocks, and what lies beyond its rows and columns means nothing.
 */
final class Products {
    /** How much of A a task takes at a time: it stays in the second cache while panel after panel passes. */
    private static final int STRIP_BYTES = 400 << 10;

    /** Panels that a task takes where it sums in parts, so that what it has of A is read once for all of them. */
    private static final int PANELS_A_TASK = 4;

    /** The most k that are summed at a time: strip and panel of so many stay in the nearer caches. */
    private static final int DEPTH = 768;

    private final Operations operations;
    private final Workers workers;
    private final int strip;
    private final int panel;
    private final int lanes;

    /**
     * Where a product goes.
     *
     * @param array its array
     * @param offset of its first block
     * @param byStrip from a block to the one below
     * @param byPanel from a block to the one on the right
     * @param stride of rows inside a block
     */
    record Target(float[] array, int offset, int byStrip, int byPanel, int stride) {}

    Products(Operations operations, Workers workers) {
        this.operations = operations;
        this.workers = workers;
        strip = operations.strip();
        panel = operations.panel();
        lanes = operations.lanes();
    }

    int strips(int rows) {
        return (rows + strip - 1) / strip;
    }

    int panels(int columns) {
        return (columns + panel - 1) / panel;
    }

    /** Rounds up to whole strips. */
    long stripRows(long rows) {
        return (rows + strip - 1) / strip * strip;
    }

    /** Rounds up to whole panels. */
    int panelColumns(int columns) {
        return panels(columns) * panel;
    }

    /** Rounds up to whole vectors. */
    int vectors(int n) {
        return (n + lanes - 1) / lanes * lanes;
    }

    /** A stride of rows with which they can be read as whole vectors, panels and strips. */
    int stride(int columns) {
        return Math.max(panelColumns(columns), vectors((int) stripRows(columns)));
    }

    /** Row-major, with room for whole blocks. */
    Target rows(float[] c, int offset, int stride) {
        return new Target(c, offset, strip * stride, panel, stride);
    }

    /** Block after block, down and then right: for a sum that is touched again and again. */
    Target blocks(float[] c, int rows) {
        return new Target(c, 0, strip * panel, strips(rows) * strip * panel, panel);
    }

    /** C (rows x columns) = A B over depth, or C += A B. */
    void multiply(int rows, int columns, int depth, float[] a, float[] b, Target c, boolean add) {
        int strips = strips(rows);
        int high = stripsATask(strips, (long) step(depth) * strip * Float.BYTES);
        int groups = Math.ceilDiv(strips, high);
        int panels = panels(columns);
        int wide = step(depth) == depth ? 1 : PANELS_A_TASK;
        int panelGroups = Math.ceilDiv(panels, wide);
        workers.run(groups * panelGroups, 2L * rows * columns * depth, task -> {
            int from = task / panelGroups * high;
            int first = task % panelGroups * wide;
            multiply(from, Math.min(strips, from + high), first, Math.min(panels, first + wide), depth, a, b, c, add);
        });
    }

    /** The same for some strips and all columns, by the calling thread. */
    void multiplyStrips(int from, int to, int columns, int depth, float[] a, float[] b, Target c) {
        multiply(from, to, 0, panels(columns), depth, a, b, c, false);
    }

    /**
     * How many strips a task takes, so that they fit the second cache, and there are as many tasks for each thread: it then takes in
     * every phase the rows that it had in the one before.
     */
    int stripsATask(int strips, long bytesAStrip) {
        int fit = Math.clamp(STRIP_BYTES / bytesAStrip, 1, strips);
        int tasks = Math.ceilDiv(Math.ceilDiv(strips, fit), workers.threads()) * workers.threads();
        return Math.ceilDiv(strips, Math.min(strips, tasks));
    }

    /** How many k are summed at a time. */
    private int step(int depth) {
        int parts = Math.ceilDiv(depth, DEPTH);
        return parts == 1 ? depth : vectors(Math.ceilDiv(depth, parts));
    }

    private void multiply(
            int from, int to, int first, int last, int depth, float[] a, float[] b, Target c, boolean add) {
        int stripSize = vectors(depth) * strip;
        int step = step(depth);
        for (int k = 0; k < depth; k += step) {
            int kk = Math.min(step, depth - k);
            for (int j = first; j < last; j++) {
                int bo = (j * depth + k) * panel;
                for (int i = from; i < to; i++) {
                    int ao = i * stripSize + k * strip;
                    int co = c.offset + i * c.byStrip + j * c.byPanel;
                    operations.block(a, ao, b, bo, kk, c.array, co, c.stride, add || k > 0);
                }
            }
        }
    }

    /** Packs a row of A, of which whole vectors can be read. */
    void packLeft(float[] row, int offset, int depth, float[] a, int i) {
        operations.copy(row, offset, lanes, a, left(i, 0, depth), strip * lanes, vectors(depth) / lanes);
    }

    /** Packs a row times a factor, as row i of a left matrix of so many columns, and as row i of a right one of a depth. */
    void packBoth(float[] row, int offset, float factor, int columns, float[] a, float[] b, int depth, int i) {
        int vectors = vectors(columns) / lanes;
        operations.scaleTwice(
                row,
                offset,
                factor,
                a,
                left(i, 0, columns),
                strip * lanes,
                b,
                right(i, 0, depth),
                depth * panel,
                vectors);
    }

    /** Element k of row i of a packed left matrix. */
    int left(int i, int k, int depth) {
        return i / strip * strip * vectors(depth) + i % strip * lanes + k / lanes * strip * lanes + k % lanes;
    }

    /** Element j of row k of a packed right matrix. */
    int right(int k, int j, int depth) {
        return (j / panel * depth + k) * panel + j % panel;
    }

    /** Packs row k of B (depth x columns), of which whole panels can be read. */
    void packRight(float[] row, int offset, int columns, int depth, float[] b, int k) {
        for (int part = 0; part < panel; part += lanes) {
            operations.copy(row, offset + part, panel, b, k * panel + part, depth * panel, panels(columns));
        }
    }

    /** Packs columns [from, to) of A (rows x depth), which is given as the rows of its transpose: depth of them, stride apart. */
    void packLeftColumns(float[] source, int stride, int rows, int depth, float[] a, int from, int to) {
        for (int k = from; k < to; ) {
            int n = Math.min(to, (k / lanes + 1) * lanes) - k;
            for (int i = 0; i < rows; i += strip) {
                operations.transpose(source, k * stride + i, stride, n, a, left(i, k, depth));
            }
            k += n;
        }
    }

    /** Packs panel j of B, which is given as the rows of its transpose: as many as B has columns, stride apart. */
    void packRightTransposed(float[] source, int stride, int columns, int depth, float[] b, int j) {
        for (int c = 0; c < panel; c++) {
            int column = j * panel + c;
            int to = j * depth * panel + c;
            for (int k = 0; k < depth; k++, to += panel) {
                b[to] = column < columns ? source[column * stride + k] : 0;
            }
        }
    }

    /**
     * Packs (W b) (V x (H+1)) as the right matrix of z = (h 1) (W b)^T: depth H+1, columns V. Columns beyond V become
     * -infinity, which is nothing to a softmax.
     */
    void packTransposed(MemorySegment w, MemorySegment bias, int v, int h, float[] b) {
        workers.run(panels(v), 4L * v * h, j -> {
            for (int c = 0; c < panel; c++) {
                int row = j * panel + c;
                int to = j * (h + 1) * panel + c;
                for (int k = 0; k < h; k++, to += panel) {
                    b[to] = row < v ? w.getAtIndex(JAVA_FLOAT_UNALIGNED, (long) row * h + k) : 0;
                }
                b[to] = row < v ? bias.getAtIndex(JAVA_FLOAT_UNALIGNED, row) : Float.NEGATIVE_INFINITY;
            }
        });
    }

    /** Packs W (V x H) as the right matrix of dh = dz W: depth V, columns H. */
    void packStraight(MemorySegment w, int v, int h, float[] b) {
        workers.run(panels(h), 4L * v * h, j -> {
            int width = Math.min(panel, h - j * panel);
            for (int k = 0; k < v; k++) {
                int to = (j * v + k) * panel;
                MemorySegment.copy(
                        w, JAVA_FLOAT_UNALIGNED, ((long) k * h + (long) j * panel) * Float.BYTES, b, to, width);
                for (int c = width; c < panel; c++) {
                    b[to + c] = 0;
                }
            }
        });
    }
}
