package org.transducer4j.loss.kernel;

import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.lattice.Band;

/** Kernels with their threads and scratch memory. One caller at a time. */
public interface Kernels extends AutoCloseable {
    /**
     * Readies a joint network for a batch: packs the weight once, sets up sums for the gradients that are wanted.
     *
     * @param joint the network
     * @return the head
     */
    Head head(JointNetwork joint);

    /**
     * Begins an utterance whose logits are given.
     *
     * @param logits where they are
     * @param labels U labels
     * @param band the nodes
     * @param blank index of blank
     * @return the utterance in flight
     */
    LogitsSample logits(LogitsRows logits, int[] labels, Band band, int blank);

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
