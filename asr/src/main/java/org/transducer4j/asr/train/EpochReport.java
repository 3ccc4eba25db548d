package org.transducer4j.asr.train;

import java.util.Locale;
import org.transducer4j.asr.score.WordErrors;

/**
 * An epoch and the validation after it.
 *
 * @param epoch from 1
 * @param epochs planned
 * @param steps batches done so far
 * @param loss mean over the training utterances, in nats
 * @param validLoss mean over the validation utterances, in nats
 * @param errors of the validation, greedy search with averaged weights
 * @param best whether this is the best validation so far
 * @param audioPerSecond seconds of training sound a second of training
 * @param lossPeakBytes the most scratch memory of the loss so far
 * @param processPeakBytes the most memory of the process so far; -1 where the system doesn't tell
 * @param skipped training utterances left out because their loss wasn't finite
 * @param seconds of all runs of this training so far
 */
public record EpochReport(
        int epoch,
        int epochs,
        long steps,
        double loss,
        double validLoss,
        WordErrors errors,
        boolean best,
        double audioPerSecond,
        long lossPeakBytes,
        long processPeakBytes,
        long skipped,
        double seconds) {
    /**
     * @return the epoch in one line
     */
    public String line() {
        return String.format(
                Locale.ROOT,
                "epoch %d/%d  loss %.3f  valid %.3f  WER %.2f %%%s  %.0f s audio/s  loss memory %s  process %s  skipped %d"
                        + "  %.0f s",
                epoch,
                epochs,
                loss,
                validLoss,
                errors.wer(),
                best ? " (best)" : "",
                audioPerSecond,
                mebibytes(lossPeakBytes),
                mebibytes(processPeakBytes),
                skipped,
                seconds);
    }

    private static String mebibytes(long bytes) {
        return bytes < 0 ? "?" : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
