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
        int stripSize = vectors(depth) * strip;
        int parts = (depth + DEPTH - 1) / DEPTH;
        int step = vectors((depth + parts - 1) / parts);
        int stripsATask = Math.max(1, Math.min(strips, STRIP_BYTES / (step * strip * Float.BYTES)));
        // As many for each thread, so that it takes the rows that it packed, and has the product's rows for what comes
        // next.
        int groups = Math.min(
                strips, Math.ceilDiv(Math.ceilDiv(strips, stripsATask), workers.threads()) * workers.threads());
        int high = (strips + groups - 1) / groups;
        int panels = panels(columns);
        int wide = parts == 1 ? 1 : PANELS_A_TASK;
        int panelGroups = (panels + wide - 1) / wide;
        workers.run(groups * panelGroups, 2L * rows * columns * depth, task -> {
            int from = task / panelGroups * high;
            int to = Math.min(strips, from + high);
            int first = task % panelGroups * wide;
            int last = Math.min(panels, first + wide);
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
        });
    }

    /** Packs a row of A, of which whole vectors can be read. */
    void packLeft(float[] row, int offset, int depth, float[] a, int i) {
        int to = i / strip * strip * vectors(depth) + i % strip * lanes;
        operations.copy(row, offset, lanes, a, to, strip * lanes, vectors(depth) / lanes);
    }

    /** Packs row k of B (depth x columns), of which whole panels can be read. */
    void packRight(float[] row, int offset, int columns, int depth, float[] b, int k) {
        for (int part = 0; part < panel; part += lanes) {
            operations.copy(row, offset + part, panel, b, k * panel + part, depth * panel, panels(columns));
        }
    }

    /** Packs strip i of A, which is given as the rows of its transpose: depth of them, stride apart. */
    void packLeftTransposed(float[] source, int stride, int depth, float[] a, int i) {
        int to = i * strip * vectors(depth);
        for (int k = 0; k < depth; k += lanes, to += strip * lanes) {
            operations.transpose(source, k * stride + i * strip, stride, Math.min(lanes, depth - k), a, to);
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
