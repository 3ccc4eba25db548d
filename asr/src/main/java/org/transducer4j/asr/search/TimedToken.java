package org.transducer4j.asr.search;

/**
 * A recognised token.
 *
 * @param piece how it is written
 * @param start seconds from the beginning of the utterance to the frame that emitted it
 */
public record TimedToken(String piece, double start) {}
