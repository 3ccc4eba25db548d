package org.transducer4j.asr.score;

import java.util.List;

/**
 * What was said and what was recognised.
 *
 * @param id of the utterance
 * @param reference words
 * @param hypothesis words
 */
public record ScoredUtterance(String id, List<String> reference, List<String> hypothesis) {}
