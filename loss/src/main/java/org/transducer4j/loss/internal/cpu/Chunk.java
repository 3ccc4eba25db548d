package org.transducer4j.loss.internal.cpu;

/**
 * Rows that pass through the kernels together: nodes of one utterance or several, in order, some left out. Rows of the
 * same frame follow one another and share a slot for the encoder output of that frame.
 */
final class Chunk {
    final FloatMember[] member;
    final int[] frame;
    final int[] position;

    /** Whether the row is a node of the lattice, and not padding. */
    final boolean[] node;

    /** Index of the row in the tile. */
    final int[] tileRow;

    /** What the exponentials of a row's logits are multiplied with in their gradient. */
    final float[] factor;

    final int[] slot;

    /** First row of each slot. */
    final int[] slotRow;

    int rows;
    int slots;

    Chunk(int capacity) {
        member = new FloatMember[capacity];
        frame = new int[capacity];
        position = new int[capacity];
        node = new boolean[capacity];
        tileRow = new int[capacity];
        factor = new float[capacity];
        slot = new int[capacity];
        slotRow = new int[capacity];
    }

    void clear() {
        rows = 0;
        slots = 0;
    }

    boolean isFull() {
        return rows == frame.length;
    }

    /** Whether the rows stand in the tile one after the other, from the beginning of a strip. */
    boolean fillsStrips(int strip) {
        return tileRow[0] % strip == 0 && tileRow[rows - 1] - tileRow[0] == rows - 1;
    }

    void add(FloatMember of, int t, int u, boolean isNode, int inTile) {
        if (rows == 0 || member[rows - 1] != of || frame[rows - 1] != t) {
            slotRow[slots++] = rows;
        }
        member[rows] = of;
        frame[rows] = t;
        position[rows] = u;
        node[rows] = isNode;
        tileRow[rows] = inTile;
        slot[rows] = slots - 1;
        rows++;
    }
}
