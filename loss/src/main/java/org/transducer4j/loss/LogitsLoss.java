package org.transducer4j.loss;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.LogitsSample;
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
        double[] losses = new double[count];
        List<Integer> skipped = new ArrayList<>();
        List<LogitsSample> samples = new ArrayList<>();
        long nodes = 0;
        try {
            // All losses first: a loss that isn't finite must not leave half of the logits overwritten.
            for (int b = 0; b < count; b++) {
                Band band = bands.get(b);
                nodes += band.nodes();
                LogitsSample sample =
                        kernels.logits(batch.rows(batch.logits(), b), batch.labels()[b], band, options.lattice());
                samples.add(sample);
                sample.forward();
                losses[b] = sample.solve();
                if (!Double.isFinite(losses[b])) {
                    if (options.nonFinite() == NonFinite.FAIL) {
                        throw new NonFiniteLossException(Integer.toString(b), losses[b]);
                    }
                    skipped.add(b);
                }
            }
            MemorySegment gradient = batch.gradient();
            if (gradient != null) {
                float scale = reduction == Reduction.MEAN ? 1f / count : 1f;
                for (int b = 0; b < count; b++) {
                    boolean skip = skipped.contains(b);
                    if (!skip) {
                        samples.get(b).backward(batch.rows(gradient, b), scale, options.clamp());
                    }
                    clearPadding(batch, bands.get(b), gradient, b, skip);
                }
            }
        } finally {
            samples.forEach(LogitsSample::close);
        }
        return new LossResult(losses, List.copyOf(skipped), nodes, nodes, 0, 0, 0, kernels.peakScratchBytes());
    }

    /** What isn't in the band has no gradient, and where that is written over the logits they must not stay there. */
    private static void clearPadding(LogitsBatch batch, Band band, MemorySegment gradient, int b, boolean skip) {
        var rows = batch.rows(gradient, b);
        int frames = batch.packed() ? batch.frames()[b] : batch.maxFrames();
        long rowBytes = (long) batch.vocabulary() * Float.BYTES;
        for (int t = 0; t < frames; t++) {
            boolean inside = t < batch.frames()[b] && !skip;
            MemorySegment frame = rows.data().asSlice(rows.offset(t, 0), rows.frameStride() * Float.BYTES);
            frame.asSlice(inside ? band.end(t) * rowBytes : 0).fill((byte) 0);
            if (inside) {
                frame.asSlice(0, band.begin(t) * rowBytes).fill((byte) 0);
            }
        }
    }

    @Override
    public void close() {
        kernels.close();
    }
}
