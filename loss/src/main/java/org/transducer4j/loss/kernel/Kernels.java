package org.transducer4j.loss.kernel;

import java.util.List;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.LatticeOptions;

/**
 * Kernels with their threads and scratch memory. One caller at a time.
 *
 * <p>Callers never read or write what lies in a {@link Matrix} or in {@link org.transducer4j.loss.input.LogitsRows}, and hold no scratch memory:
 * where inputs and gradients lie, and where scratch memory is, is for the kernels to know.
 */
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
     * Begins utterances whose logits are given.
     *
     * @param members the utterances
     * @param options what the lattices' edges weigh
     * @param limit scratch memory that may be held, bytes, at least {@link #logitsScratch} of this group
     * @return the utterances in flight
     */
    LogitsGroup logits(List<LogitsMember> members, LatticeOptions options, long limit);

    /**
     * The scratch memory that is held when groups whose logits are given follow one another, at the moment when most is.
     *
     * @param groups the groups, in their order
     * @param limit scratch memory that may be held, bytes
     * @return the memory, by part; more than the limit where a group can't do with it
     */
    Scratch logitsScratch(List<List<LogitsMember>> groups, long limit);

    /**
     * Begins an utterance whose joiner is simple.
     *
     * @param utterance am (T, V) as its encoder output, lm (U+1, V) as its predictor output
     * @param joiner how far am and lm count alone
     * @param options what the lattice's edges weigh
     * @param limit scratch memory that may be held, bytes, at least {@link #simpleScratch}
     * @return the utterance in flight
     */
    SimpleSample simple(Utterance utterance, SimpleJoiner joiner, LatticeOptions options, long limit);

    /**
     * The scratch memory that is held when utterances whose joiner is simple follow one another, at the moment when most is.
     *
     * @param batch the utterances, in their order
     * @param joiner how far am and lm count alone
     * @param limit scratch memory that may be held, bytes
     * @return the memory, by part; more than the limit where an utterance can't do with it
     */
    Scratch simpleScratch(List<Utterance> batch, SimpleJoiner joiner, long limit);

    /**
     * Begins an utterance of the CTC loss.
     *
     * @param utterance logits (T, V) and labels
     * @param blank index of blank
     * @param limit scratch memory that may be held, bytes, at least {@link #ctcScratch}
     * @return the utterance in flight
     */
    LogitsSample ctc(CtcUtterance utterance, int blank, long limit);

    /**
     * The scratch memory that is held when utterances of the CTC loss follow one another, at the moment when most is.
     *
     * @param batch the utterances, in their order
     * @param limit scratch memory that may be held, bytes
     * @return the memory, by part; more than the limit where an utterance can't do with it
     */
    Scratch ctcScratch(List<CtcUtterance> batch, long limit);

    /**
     * Sets a gradient to zero.
     *
     * @param gradient all of its elements
     */
    void clear(Matrix gradient);

    /**
     * Multiplies a gradient.
     *
     * @param gradient all of its elements
     * @param factor with which
     */
    void scale(Matrix gradient, float factor);

    /**
     * Measures the bare matrix product on blocks that stay in the cache, with all threads, for a tenth of a second: what nothing that
     * needs the product can exceed. The first calls of a process, while the JVM warms up, are slower.
     *
     * @return floating-point operations a second; 0 if these kernels have no such product
     */
    double productPeak();

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
