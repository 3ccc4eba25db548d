package org.transducer4j.loss;

import java.util.List;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.schedule.SampleWise;

/**
 * The exact transducer loss of a joint network, sample by sample, with gradients to encoder output, predictor output,
 * output weight and bias. Of the logits (B, T, U+1, V) only those of one utterance, or a tile of it, ever exist.
 *
 * <p>Not thread-safe: one object serves one caller at a time, with {@link LossOptions#threads()} threads inside.
 */
public final class TransducerLoss implements AutoCloseable {
    private final LossOptions options;
    private final Kernels kernels;

    private TransducerLoss(LossOptions options, Kernels kernels) {
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
    public static TransducerLoss open(LossOptions options) {
        return new TransducerLoss(
                options, KernelProviders.choose(options.provider()).open(options.threads()));
    }

    /**
     * Losses of a batch, and the gradients of their sum written to where the parameters say. Where no parameter wants
     * one, only the losses are computed.
     *
     * @param joint the joint network
     * @param batch the utterances
     * @return the losses
     * @throws IllegalArgumentException if shapes or labels don't fit
     * @throws NonFiniteLossException under {@link NonFinite#FAIL}; weight and bias gradients are as they were then
     */
    public LossResult compute(JointNetwork joint, List<Utterance> batch) {
        Labels.checkBlank(options.blank(), joint.vocabulary());
        for (Utterance utterance : batch) {
            Require.that(
                    utterance.encoder().value().columns() == joint.width(),
                    "utterance %s: encoder width %d isn't the joint width %d",
                    utterance.name(),
                    utterance.encoder().value().columns(),
                    joint.width());
            Labels.check(utterance.name(), utterance.labels(), options.blank(), joint.vocabulary());
        }
        return SampleWise.run(kernels, joint, batch, options);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
