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
     * @param limit scratch memory that may be held in all, but for room for gradients, bytes
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
     * Begins a pass that has gradients: sets those of encoder and predictor outputs to zero that have matrices of their own, and makes room for
     * those that take the place of the outputs ({@link org.transducer4j.loss.input.Parameter#inPlace}). Room of an earlier batch that this one
     * has no need of is freed. It counts in {@link Kernels#peakScratchBytes()}, and comes on top of {@link #scratchBytes} and
     * {@link #peakScratch}.
     *
     * @param batch all utterances
     * @param room for gradients of a group, bytes; as many as the largest group needs
     */
    void prepare(List<Member> batch, long room);

    /**
     * Takes a group into flight. One at a time. Where there will be a backward pass, gradients that take the place of outputs gather in the room that
     * {@link #prepare} made.
     *
     * @param members its utterances
     * @param tileRows rows of a tile
     * @param options what the lattices' edges weigh
     * @param limit scratch memory that may be held in all, room for gradients included, bytes; memory kept from earlier groups is freed to
     *     stay under it
     * @return the group
     */
    Group begin(List<Member> members, int tileRows, LatticeOptions options, long limit);

    /**
     * Adds the gradients of weight and bias to where the network says.
     *
     * @param factor on what is added
     */
    void finish(float factor);

    /** Ends the batch. */
    @Override
    void close();
}
