package org.transducer4j.loss.kernel;

import java.util.List;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.lattice.LatticeOptions;

/** A joint network during a batch. */
public interface Head extends AutoCloseable {
    /**
     * All scratch memory that is held while a group is in flight: that of the head itself, the group's lattices, a
     * tile.
     *
     * @param members the group
     * @param tileRows rows of a tile
     * @return bytes; grows with tileRows
     */
    long scratchBytes(List<Member> members, long tileRows);

    /**
     * The scratch memory that is held when groups follow one another, at the moment when most is.
     *
     * @param flights the groups, in their order
     * @param limit scratch memory that may be held in all, bytes
     * @return the memory, by part; its sum is the most that {@link Kernels#peakScratchBytes()} can come to if no scratch
     *     memory was held before
     */
    Scratch peakScratch(List<Flight> flights, long limit);

    /**
     * How many rows pass through the kernels together: tiles of a multiple of it leave no small remainder.
     *
     * @return number of rows
     */
    int rowsTogether();

    /**
     * The most rows that a tile can have, however much memory there is.
     *
     * @return number of rows
     */
    int maxTileRows();

    /**
     * Takes a group into flight. One at a time.
     *
     * @param members its utterances
     * @param tileRows rows of a tile
     * @param options what the lattices' edges weigh
     * @param limit scratch memory that may be held in all, bytes; memory kept from earlier groups is freed to stay under it
     * @return the group
     */
    Group begin(List<Member> members, int tileRows, LatticeOptions options, long limit);

    /** Adds the gradients of weight and bias to where the network says. */
    void finish();

    /** Ends the batch. */
    @Override
    void close();
}
