package org.transducer4j.asr.search;

import java.util.List;

/**
 * What was recognised.
 *
 * @param text words or characters put together
 * @param tokens with their times
 */
public record Transcript(String text, List<TimedToken> tokens) {}
