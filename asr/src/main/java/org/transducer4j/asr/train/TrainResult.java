package org.transducer4j.asr.train;

import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.score.WordErrors;

/**
 * What a training gave.
 *
 * @param wer the best on validation, in percent
 * @param bestEpoch its epoch, from 1
 * @param validLoss of that epoch
 * @param lastWer of the last validation
 * @param lastErrors counts behind that; null before the first validation
 * @param epochs done
 * @param steps batches done
 * @param seconds of all runs of this training
 * @param audioSeconds of training sound, all epochs
 * @param parameters number of weights
 * @param lossPeakBytes the most scratch memory of the loss
 * @param processPeakBytes the most memory of the process; -1 where the system doesn't tell
 * @param skipped training utterances left out in the last epoch because their loss wasn't finite
 * @param checkpoint the best model
 */
public record TrainResult(
        double wer,
        int bestEpoch,
        double validLoss,
        double lastWer,
        @Nullable WordErrors lastErrors,
        int epochs,
        long steps,
        double seconds,
        double audioSeconds,
        long parameters,
        long lossPeakBytes,
        long processPeakBytes,
        long skipped,
        String checkpoint) {}
