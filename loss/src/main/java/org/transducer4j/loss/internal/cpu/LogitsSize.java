package org.transducer4j.loss.internal.cpu;

import java.util.List;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.lattice.Band;

/**
 * What {@link FloatLogitsGroup} holds for a group.
 *
 * @param nodes elements that the lattices need of each array
 * @param latticeBytes what they take beside the arrays
 * @param vocabulary V
 * @param block rows of a slot
 * @param slots tasks that are in flight at once
 * @param lanes of a vector
 */
record LogitsSize(long nodes, long latticeBytes, int vocabulary, int block, int slots, int lanes) {
    /** Frames that a task takes in one go. */
    static final int RUN = 16;

    /** Tasks that are in flight at once, each with a slot of the scratch memory, whatever the number of threads. */
    private static final int SLOTS = 16;

    /** Nodes of whose lattices the arrays are kept for the next batch, 84 MB; those of larger batches go with the batch. */
    private static final long KEPT_NODES = 1 << 22;

    /** Logits of a slot: so many stay in the nearest cache. One row at least. */
    private static final int SLOT_LOGITS = 4096;

    static LogitsSize of(List<LogitsMember> members, Operations operations, long limit) {
        int vocabulary = members.isEmpty() ? 1 : members.getFirst().logits().vocabulary();
        long nodes = 0;
        long beside = 0;
        int positions = 1;
        int runs = 0;
        for (LogitsMember member : members) {
            nodes += FloatLattice.room(member.band(), operations);
            beside += FloatLattice.bytesBeside(member.band(), operations);
            positions = Math.max(positions, member.band().labels() + 1);
            runs += runs(member.band());
        }
        LogitsSize size = new LogitsSize(
                nodes,
                beside,
                vocabulary,
                Math.min(positions, Math.max(1, SLOT_LOGITS / vocabulary)),
                Math.min(SLOTS, runs),
                operations.lanes());
        // A group of several had better be smaller than slow.
        while (members.size() == 1 && size.slots > 1 && size.plan().bytes() > limit) {
            size = new LogitsSize(nodes, beside, vocabulary, size.block, size.slots - 1, size.lanes);
        }
        return size;
    }

    /** Runs of frames of an utterance. */
    static int runs(Band band) {
        return Math.ceilDiv(band.frames(), RUN);
    }

    /** Logits of some rows of a frame, exponentials of them, and three numbers a row. */
    long slotFloats() {
        return 2 * ((long) block * vocabulary + lanes) + 3L * block;
    }

    /** Whether the arrays of the lattices are kept for the next group. */
    boolean keepsNodes() {
        return nodes <= KEPT_NODES;
    }

    /** Bytes that nobody keeps. */
    long bytesBeside() {
        return latticeBytes + (keepsNodes() ? 0 : nodes * FloatLattice.BYTES_PER_NODE);
    }

    Workspace.Plan plan() {
        long kept = keepsNodes() ? nodes : 0;
        return new Workspace.Plan()
                .floats(Use.BLANK_EDGE, kept)
                .floats(Use.LABEL_EDGE, kept)
                .floats(Use.SUM, kept)
                .alpha(kept)
                .floats(Use.LOGITS, slots * slotFloats())
                .beside(bytesBeside());
    }
}
