package org.transducer4j.loss;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Scores;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsGroup;
import org.transducer4j.loss.kernel.LogitsMember;
import org.transducer4j.loss.lattice.Band;

/**
 * The transducer loss of ready-made logits (B, T, U+1, V): what {@code torchaudio.functional.rnnt_loss} and
 * warp-transducer offer. Whoever has the joint network's parts should use {@link TransducerLoss}, which never holds
 * these logits.
 *
 * <p>Not thread-safe: one object serves one caller at a time.
 */
public final class LogitsLoss implements AutoCloseable {
    private final LossOptions options;
    private final Kernels kernels;

    private LogitsLoss(LossOptions options, Kernels kernels) {
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
    public static LogitsLoss open(LossOptions options) {
        return new LogitsLoss(
                options, KernelProviders.choose(options.provider()).open(options.threads()));
    }

    /**
     * Losses of a batch and, if the batch says where, the gradient.
     *
     * @param batch the scores
     * @param reduction what the gradient is of; the result has a loss for each utterance in any case
     * @return the losses
     * @throws IllegalArgumentException if a label is out of range or is blank
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; nothing is written in that case
     */
    public LossResult compute(LogitsBatch batch, Reduction reduction) {
        List<Band> bands = new ArrayList<>();
        for (int b = 0; b < batch.frames().length; b++) {
            bands.add(Band.full(batch.frames()[b], batch.labels()[b].length));
        }
        return compute(batch, bands, reduction);
    }

    /**
     * Losses of a batch over bands.
     *
     * @param batch the scores
     * @param bands which nodes of each lattice exist; those that don't are never read, their gradient is zero
     * @param reduction what the gradient is of; the result has a loss for each utterance in any case
     * @return the losses: -log of the sum over the paths inside the band
     * @throws IllegalArgumentException if a label is out of range or is blank, or a band doesn't fit or has no path
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; nothing is written in that case
     */
    public LossResult compute(LogitsBatch batch, List<Band> bands, Reduction reduction) {
        Checks.blank(options.lattice().blank(), batch.vocabulary());
        Require.that(
                !options.lattice().hat() || batch.scores() == Scores.LOGITS,
                "HAT is a way to normalise logits; log-probabilities are taken as they are");
        int count = batch.frames().length;
        Require.that(count == bands.size(), "%d utterances have %d bands", count, bands.size());
        for (int b = 0; b < count; b++) {
            int[] labels = batch.labels()[b];
            Checks.labels(Integer.toString(b), labels, options.lattice().blank(), batch.vocabulary());
            Checks.band(Integer.toString(b), bands.get(b), batch.frames()[b], labels.length, options);
        }
        kernels.resetPeak();
        List<LogitsMember> members = new ArrayList<>();
        long nodes = 0;
        for (int b = 0; b < count; b++) {
            nodes += bands.get(b).nodes();
            members.add(new LogitsMember(batch.rows(batch.logits(), b), batch.labels()[b], bands.get(b)));
        }
        double[] losses;
        List<Integer> skipped = new ArrayList<>();
        try (LogitsGroup group = kernels.logits(members, options.lattice())) {
            // All losses first: a loss that isn't finite must not leave half of the logits overwritten.
            losses = group.solve();
            boolean[] take = new boolean[count];
            for (int b = 0; b < count; b++) {
                take[b] = Double.isFinite(losses[b]);
                if (!take[b]) {
                    if (options.nonFinite() == NonFinite.FAIL) {
                        throw new NonFiniteLossException(Integer.toString(b), losses[b]);
                    }
                    skipped.add(b);
                }
            }
            MemorySegment gradient = batch.gradient();
            if (gradient != null) {
                List<LogitsRows> gradients = new ArrayList<>();
                for (int b = 0; b < count; b++) {
                    gradients.add(batch.rows(gradient, b));
                }
                float scale = reduction == Reduction.MEAN ? 1f / count : 1f;
                group.backward(gradients, take, scale, options.clamp());
                for (int b = 0; b < count; b++) {
                    clearPadding(batch, bands.get(b), gradients.get(b), b, !take[b]);
                }
            }
        }
        return new LossResult(losses, List.copyOf(skipped), nodes, nodes, 0, 0, 0, kernels.peakScratchBytes());
    }

    /** What isn't in the band has no gradient, and where that is written over the logits they must not stay there. */
    private static void clearPadding(LogitsBatch batch, Band band, LogitsRows gradient, int b, boolean skip) {
        int frames = batch.packed() ? batch.frames()[b] : batch.maxFrames();
        for (int t = 0; t < frames; t++) {
            int positions = (int) (gradient.frameStride() / gradient.vocabulary());
            if (t < batch.frames()[b] && !skip) {
                clear(gradient, t, 0, band.begin(t));
                clear(gradient, t, band.end(t), positions);
            } else {
                clear(gradient, t, 0, positions);
            }
        }
    }

    private static void clear(LogitsRows gradient, int t, int from, int to) {
        if (from < to) {
            long offset = gradient.offset(t, from);
            gradient.data().asSlice(offset, gradient.offset(t, to) - offset).fill((byte) 0);
        }
    }

    @Override
    public void close() {
        kernels.close();
    }
}
