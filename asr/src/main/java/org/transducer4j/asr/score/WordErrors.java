package org.transducer4j.asr.score;

import java.util.List;
import java.util.Locale;
import org.transducer4j.speech.WhiteSpace;

/**
 * Word errors, summed over utterances.
 *
 * @param referenceWords words that were said
 * @param substitutions words taken for others
 * @param insertions words that weren't said
 * @param deletions words that were missed
 */
public record WordErrors(long referenceWords, long substitutions, long insertions, long deletions) {
    /** No words. */
    public static final WordErrors NONE = new WordErrors(0, 0, 0, 0);

    /**
     * @param reference words
     * @param hypothesis words
     * @return the errors between them
     */
    public static WordErrors of(List<String> reference, List<String> hypothesis) {
        long substitutions = 0;
        long insertions = 0;
        long deletions = 0;
        for (Alignment.Pair pair : Alignment.align(reference, hypothesis)) {
            if (pair.reference() == null) {
                insertions++;
            } else if (pair.hypothesis() == null) {
                deletions++;
            } else if (!pair.correct()) {
                substitutions++;
            }
        }
        return new WordErrors(reference.size(), substitutions, insertions, deletions);
    }

    /**
     * @param text a transcript
     * @return its words, what is between white space ({@link WhiteSpace}); none where it is blank
     */
    public static List<String> words(String text) {
        return WhiteSpace.words(text);
    }

    /**
     * @param other more errors
     * @return both together
     */
    public WordErrors plus(WordErrors other) {
        return new WordErrors(
                referenceWords + other.referenceWords,
                substitutions + other.substitutions,
                insertions + other.insertions,
                deletions + other.deletions);
    }

    /**
     * @return all errors
     */
    public long errors() {
        return substitutions + insertions + deletions;
    }

    /**
     * @return the word error rate in percent; where nothing was said, 0 without insertions and infinity with
     */
    public double wer() {
        return errors() == 0 ? 0 : 100.0 * (double) errors() / (double) referenceWords;
    }

    /**
     * @return such as {@code WER 2.31 % (35 of 1515: 20 sub, 5 ins, 10 del)}
     */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "WER %.2f %% (%d of %d: %d sub, %d ins, %d del)",
                wer(),
                errors(),
                referenceWords,
                substitutions,
                insertions,
                deletions);
    }
}
