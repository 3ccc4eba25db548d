package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * C += A B from packed strips of A and packed panels of B, in blocks of strip x panel that are shared out to threads.
 * Every element is summed over k in the same order, whoever computes it.
 */
final class Products {
    /** Strips that a task takes together, so that a panel is read once for all of them from L2. */
    private static final int STRIPS_A_TASK = 8;

    /** k that are summed at a time: a strip of so many stays in L1. */
    private static final int DEPTH = 512;

    private static final float[] NO_FLOATS = {};

    private final Operations operations;
    private final Workers workers;
    private final int strip;
    private final int panel;

    Products(Operations operations, Workers workers) {
        this.operations = operations;
        this.workers = workers;
        strip = operations.strip();
        panel = operations.panel();
    }

    int strips(int rows) {
        return (rows + strip - 1) / strip;
    }

    int panels(int columns) {
        return (columns + panel - 1) / panel;
    }

    /** Rounds up to whole strips. */
    int stripRows(int rows) {
        return strips(rows) * strip;
    }

    /** Rounds up to whole panels. */
    int panelColumns(int columns) {
        return panels(columns) * panel;
    }

    /** C (rows x columns, stride ldc, from co on) += A B over depth. C needs no room beyond its rows and columns. */
    void multiply(int rows, int columns, int depth, float[] a, float[] b, float[] c, int co, int ldc) {
        int strips = strips(rows);
        int groups = (strips + STRIPS_A_TASK - 1) / STRIPS_A_TASK;
        int panels = panels(columns);
        workers.run(groups * panels, 2L * rows * columns * depth, task -> {
            int j = task / groups;
            int from = task % groups * STRIPS_A_TASK;
            int to = Math.min(strips, from + STRIPS_A_TASK);
            boolean atEdge = to * strip > rows || (j + 1) * panel > columns;
            float[] aside = atEdge ? new float[strip * panel] : NO_FLOATS;
            for (int k = 0; k < depth; k += DEPTH) {
                int kk = Math.min(DEPTH, depth - k);
                int bo = (j * depth + k) * panel;
                for (int i = from; i < to; i++) {
                    int ao = (i * depth + k) * strip;
                    if ((i + 1) * strip <= rows && (j + 1) * panel <= columns) {
                        operations.block(a, ao, b, bo, kk, c, co + i * strip * ldc + j * panel, ldc);
                    } else {
                        edge(aside, i, j, rows, columns, a, ao, b, bo, kk, c, co, ldc);
                    }
                }
            }
        });
    }

    /** A block that sticks out over the right or lower edge is computed aside. */
    private void edge(
            float[] aside,
            int i,
            int j,
            int rows,
            int columns,
            float[] a,
            int ao,
            float[] b,
            int bo,
            int depth,
            float[] c,
            int co,
            int ldc) {
        int height = Math.min(strip, rows - i * strip);
        int width = Math.min(panel, columns - j * panel);
        int from = co + i * strip * ldc + j * panel;
        for (int r = 0; r < height; r++) {
            System.arraycopy(c, from + r * ldc, aside, r * panel, width);
        }
        operations.block(a, ao, b, bo, depth, aside, 0, panel);
        for (int r = 0; r < height; r++) {
            System.arraycopy(aside, r * panel, c, from + r * ldc, width);
        }
    }

    /** Packs rows (row-major, stride lda) into strip number i of a left matrix; missing rows are zero. */
    void packStrip(float[] source, int @Nullable [] rowOf, int lda, int rows, int depth, float[] a, int i) {
        int base = i * depth * strip;
        for (int r = 0; r < strip; r++) {
            int row = i * strip + r;
            if (row >= rows) {
                for (int k = 0; k < depth; k++) {
                    a[base + k * strip + r] = 0;
                }
                continue;
            }
            int from = (rowOf == null ? row : rowOf[row]) * lda;
            for (int k = 0; k < depth; k++) {
                a[base + k * strip + r] = source[from + k];
            }
        }
    }

    /** Packs columns (of a row-major depth x columns source, stride lds) into strip i of its transpose. */
    void packStripTransposed(float[] source, int[] rowOf, int lds, int columns, int depth, float[] a, int i) {
        int base = i * depth * strip;
        int width = Math.min(strip, columns - i * strip);
        for (int k = 0; k < depth; k++) {
            int from = rowOf[k] * lds + i * strip;
            for (int c = 0; c < width; c++) {
                a[base + k * strip + c] = source[from + c];
            }
            for (int c = width; c < strip; c++) {
                a[base + k * strip + c] = 0;
            }
        }
    }

    /** Packs a row-major depth x columns source into panel j of a right matrix; missing columns are zero. */
    void packPanel(float[] source, int lds, int columns, int depth, float[] b, int j) {
        int width = Math.min(panel, columns - j * panel);
        for (int k = 0; k < depth; k++) {
            int to = (j * depth + k) * panel;
            System.arraycopy(source, k * lds + j * panel, b, to, width);
            for (int c = width; c < panel; c++) {
                b[to + c] = 0;
            }
        }
    }

    /** Packs W (V x H) as the right matrix of z = h W^T: depth H, columns V. */
    void packTransposed(MemorySegment w, int v, int h, float[] b) {
        workers.run(panels(v), 4L * v * h, j -> {
            for (int c = 0; c < panel; c++) {
                int row = j * panel + c;
                for (int k = 0; k < h; k++) {
                    b[(j * h + k) * panel + c] =
                            row < v ? w.get(JAVA_FLOAT_UNALIGNED, ((long) row * h + k) * Float.BYTES) : 0;
                }
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
