package org.transducer4j.loss.kernel;

import java.util.List;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.lattice.BestPath;

/**
 * Utterances in flight together. Their rows are numbered one utterance after another; a tile is a range of them, and
 * there is room for the logits of one tile.
 */
public interface Group extends AutoCloseable {
    /**
     * Computes the logits of a tile and takes their log-probabilities into the lattices.
     *
     * @param firstRow first row
     * @param rows number of rows, at most those of a tile
     */
    void forward(long firstRow, int rows);

    /**
     * Runs alpha and beta over each lattice once the log-probabilities of all rows are known, and leaves the edge
     * posteriors in their place.
     *
     * @return -log P of each utterance, natural log; infinite or NaN if the inputs are
     */
    double[] solve();

    /**
     * Finds the most probable path of each lattice once the log-probabilities of all rows are known; instead of
     * {@link #solve}.
     *
     * @return the paths
     */
    List<BestPath> bestPaths();

    /**
     * Copies the edge posteriors that {@link #solve} left.
     *
     * @return those of each utterance
     */
    List<Posteriors> posteriors();

    /**
     * Chooses the rows that the backward pass takes.
     *
     * @param floor nodes whose occupancy isn't above it are left out; 0 for none
     * @param take which utterances have gradients at all
     * @return what is left out
     */
    Kept keep(double floor, boolean[] take);

    /**
     * What the backward pass takes.
     *
     * @param rows rows kept, padding included
     * @param leftOut the sum of the occupancies of nodes under the floor
     */
    record Kept(long rows, double leftOut) {}

    /**
     * Computes the logits of the kept rows of a tile a second time, after another tile took their place.
     *
     * @param firstRow first row
     * @param rows number of rows
     * @return how many rows were computed
     */
    int again(long firstRow, int rows);

    /**
     * Turns the logits of the kept rows of a tile into their gradients and pushes these back at once: to encoder and
     * predictor outputs, to weight and bias of the head.
     *
     * @param firstRow first row
     * @param rows number of rows
     * @param clamp limit on the gradient of a logit, 0 for none
     */
    void backward(long firstRow, int rows, float clamp);

    /**
     * Writes the gradients of the predictor outputs; those of the encoder outputs have been written. Gradients that take the place of outputs
     * move there now, as nobody reads these any more.
     */
    void finish();

    @Override
    void close();
}
