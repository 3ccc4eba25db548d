package org.transducer4j.asr.criterion;

import java.util.List;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.torch.loss.HeadLoss;

/**
 * The loss of a model by a criterion, batch by batch.
 *
 * <p>Not thread-safe: one training calls it.
 */
public interface CriterionLoss extends AutoCloseable {
    /**
     * The mean loss of a batch in training. Utterances whose loss isn't finite are listed as skipped; the step is then taken again
     * without them.
     *
     * @param input the batch behind the encoder
     * @return a scalar with a graph, and the losses of the utterances
     */
    HeadLoss training(CriterionInput input);

    /**
     * The losses of a batch in validation: exact, so that trainings by different methods can be compared.
     *
     * @param input the batch behind the encoder; there are no gradients
     * @return the losses of the utterances, their sum that of those that aren't skipped
     */
    LossResult validation(CriterionInput input);

    /**
     * What it will need of the memory budget, one plan for each loss that is held to the budget by itself. The training checks them
     * with its largest batch before the first step.
     *
     * @param training whether for the batches of training, with gradients, or for those of validation
     * @return the plans; none where it holds nothing
     */
    List<BudgetPlan> budget(boolean training);

    @Override
    void close();
}
