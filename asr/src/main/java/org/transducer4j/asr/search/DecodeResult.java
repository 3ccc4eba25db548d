package org.transducer4j.asr.search;

/**
 * What recognising a manifest gave.
 *
 * @param wer in percent
 * @param errors all
 * @param substitutions words taken for others
 * @param insertions words that weren't said
 * @param deletions words that were missed
 * @param referenceWords words that were said
 * @param utterances how many
 * @param audioSeconds of sound
 * @param seconds it took, reading of the sound included, loading of the model not
 * @param audioPerSecond seconds of sound a second
 * @param checkpoint that was used
 * @param recogs file with references and hypotheses
 * @param errs file with alignments
 * @param summary file with the word error rate
 * @param manifest file with {@code pred_text} and times
 */
public record DecodeResult(
        double wer,
        long errors,
        long substitutions,
        long insertions,
        long deletions,
        long referenceWords,
        int utterances,
        double audioSeconds,
        double seconds,
        double audioPerSecond,
        String checkpoint,
        String recogs,
        String errs,
        String summary,
        String manifest) {}
