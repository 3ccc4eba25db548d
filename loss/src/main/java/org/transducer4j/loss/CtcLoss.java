package org.transducer4j.loss;

import java.util.ArrayList;
import java.util.List;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsSample;

/**
 * The CTC loss (Graves et al. 2006): -log of the sum over the paths of T symbols that become the labels once repetitions are
 * merged and blanks left out. It is the usual companion of a transducer, on an output layer of the encoder's own.
 *
 * <p>Of {@link LossOptions} it heeds blank, provider, threads, memory budget, clamp, and what happens where a loss isn't finite.
 *
 * <p>Not thread-safe: one object serves one caller at a time.
 */
public final class CtcLoss implements AutoCloseable {
    private final LossOptions options;
    private final Kernels kernels;

    private CtcLoss(LossOptions options, Kernels kernels) {
        this.options = options;
        this.kernels = kernels;
    }

    /**
     * Opens the loss.
     *
     * @param options how to compute
     * @return the loss, to be closed
     * @throws IllegalArgumentException if a provider asked for by name doesn't exist or can't run here
     */
    public static CtcLoss open(LossOptions options) {
        return new CtcLoss(options, KernelProviders.choose(options.provider()).open(options.threads()));
    }

    /**
     * Losses of a batch, one utterance after the other, and the gradients of their sum written to where the utterances say.
     *
     * @param batch the utterances
     * @return the losses; nodes are those of the CTC lattices, T x (2U+1)
     * @throws IllegalArgumentException if a label is out of range or is blank, an utterance doesn't fit the memory budget, or,
     *     under {@link NonFinite#FAIL}, has fewer frames than its labels need
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; the gradients of utterances before it have been written then
     */
    public LossResult compute(List<CtcUtterance> batch) {
        int blank = options.lattice().blank();
        for (CtcUtterance utterance : batch) {
            int vocabulary = utterance.logits().value().columns();
            Checks.blank(blank, vocabulary);
            Checks.labels(utterance.name(), utterance.labels(), blank, vocabulary);
            Require.that(
                    options.nonFinite() == NonFinite.SKIP || utterance.neededFrames() <= utterance.frames(),
                    "utterance %s: %d labels need %d frames in CTC, it has %d",
                    utterance.name(),
                    utterance.labels().length,
                    utterance.neededFrames(),
                    utterance.frames());
        }
        for (CtcUtterance utterance : batch) {
            options.memoryBudget()
                    .require(
                            "the CTC lattice of utterance " + utterance.name(),
                            kernels.ctcScratch(
                                            List.of(utterance),
                                            options.memoryBudget().bytes())
                                    .bytes());
        }
        kernels.resetPeak();
        double[] losses = new double[batch.size()];
        List<Integer> skipped = new ArrayList<>();
        long nodes = 0;
        long nodesBackward = 0;
        for (int b = 0; b < losses.length; b++) {
            CtcUtterance utterance = batch.get(b);
            long count = utterance.frames() * (2L * utterance.labels().length + 1);
            nodes += count;
            try (LogitsSample sample =
                    kernels.ctc(utterance, blank, options.memoryBudget().bytes())) {
                sample.forward();
                losses[b] = sample.solve();
                Matrix gradient = utterance.logits().gradient();
                if (Double.isFinite(losses[b])) {
                    if (gradient != null) {
                        sample.backward(rows(gradient), 1, options.clamp());
                        nodesBackward += count;
                    }
                } else if (options.nonFinite() == NonFinite.FAIL) {
                    throw new NonFiniteLossException(utterance.name(), losses[b]);
                } else {
                    skipped.add(b);
                    if (gradient != null) {
                        gradient.clear();
                    }
                }
            }
        }
        return new LossResult(losses, List.copyOf(skipped), nodes, nodesBackward, 0, 0, 0, kernels.peakScratchBytes());
    }

    private static LogitsRows rows(Matrix matrix) {
        return new LogitsRows(matrix.data(), matrix.columns(), matrix.columns(), false);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
