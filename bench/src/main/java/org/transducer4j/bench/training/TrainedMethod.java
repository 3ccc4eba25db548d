package org.transducer4j.bench.training;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.score.WordErrors;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * What a method's training gave.
 *
 * @param method the word of its loss
 * @param wer of its last validation, in percent
 * @param errors the counts behind that; null where there was no validation
 * @param steps batches
 * @param medianStepSeconds median time of a step: network, loss, optimiser
 * @param lossPeakBytes the most scratch memory of the loss
 * @param skipped utterances of the last epoch without a finite loss
 */
public record TrainedMethod(
        String method,
        double wer,
        @Nullable WordErrors errors,
        long steps,
        double medianStepSeconds,
        long lossPeakBytes,
        long skipped) {
    /** The heading of {@link #row}, a table in Markdown. */
    public static final String HEADING = """
            | method | WER | ms a step | peak memory of the loss | steps | left out |
            |---|---|---|---|---|---|""";

    /**
     * @return a line of the table
     */
    public String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f %% | %.0f | %s | %d | %d |",
                method,
                wer,
                medianStepSeconds * 1e3,
                MemoryBudget.format(lossPeakBytes),
                steps,
                skipped);
    }
}
