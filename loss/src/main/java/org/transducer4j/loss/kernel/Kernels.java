package org.transducer4j.loss.kernel;

import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;

/** Kernels with their threads and scratch memory. One caller at a time. */
public interface Kernels extends AutoCloseable {
    /**
     * Readies a joint network for a batch.
     *
     * @param joint the network
     * @param gradients whether there will be a backward pass
     * @return the head
     */
    Head head(JointNetwork joint, boolean gradients);

    /**
     * Begins an utterance whose logits are given.
     *
     * @param logits where they are
     * @param labels U labels
     * @param band the nodes
     * @param options what the lattice's edges weigh
     * @return the utterance in flight
     */
    LogitsSample logits(LogitsRows logits, int[] labels, Band band, LatticeOptions options);

    /** Forgets the peak of scratch memory. */
    void resetPeak();

    /**
     * The most scratch memory held since {@link #resetPeak()}.
     *
     * @return bytes
     */
    long peakScratchBytes();

    @Override
    void close();
}
