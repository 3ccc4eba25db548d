package org.transducer4j.asr.search;

/**
 * What a search found.
 *
 * @param tokens ids, without blanks
 * @param frames the encoder frame at which each was emitted
 */
@SuppressWarnings("ArrayRecordComponent")
public record Hypothesis(int[] tokens, int[] frames) {}
