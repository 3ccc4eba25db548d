package org.transducer4j.asr.search;

/**
 * What aligning a manifest gave.
 *
 * @param utterances aligned
 * @param leftOut utterances without a path, such as one with more tokens than frames
 * @param tokens aligned
 * @param logProbabilityPerToken natural log of the paths' probability, divided by the number of tokens
 * @param audioSeconds of sound
 * @param seconds it took, reading of the sound included, loading of the model not
 * @param checkpoint that was used
 * @param manifest file with the alignments
 * @param ctm file with the words' times
 */
public record AlignResult(
        int utterances,
        int leftOut,
        long tokens,
        double logProbabilityPerToken,
        double audioSeconds,
        double seconds,
        String checkpoint,
        String manifest,
        String ctm) {}
