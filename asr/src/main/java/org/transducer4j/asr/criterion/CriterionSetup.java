package org.transducer4j.asr.criterion;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.torch.loss.LossHead;
import org.transducer4j.torch.loss.TransducerHead;

/**
 * What a criterion is opened with.
 *
 * @param options of the training
 * @param model whose loss it is
 * @param threads of the loss
 * @param provider name of the kernel provider, or null for the best that loads
 * @param heads makes the transducer's loss
 */
public record CriterionSetup(
        ObjectiveOptions options,
        TransducerModel model,
        int threads,
        @Nullable String provider,
        Function<LossOptions, LossHead> heads) {
    /**
     * With the usual loss and provider.
     *
     * @param options of the training
     * @param model whose loss it is
     * @param threads of the loss
     */
    public CriterionSetup(ObjectiveOptions options, TransducerModel model, int threads) {
        this(options, model, threads, null, TransducerHead::new);
    }

    /**
     * How a criterion's loss is computed here.
     *
     * @param criterion whose loss
     * @return its options, with the threads and the provider of this run
     */
    public LossOptions lossOptions(Criterion criterion) {
        return criterion
                .lossOptions(options, model.config().lattice())
                .withThreads(threads)
                .withProvider(provider);
    }
}
