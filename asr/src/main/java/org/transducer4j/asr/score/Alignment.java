package org.transducer4j.asr.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cheapest way to turn a reference into a hypothesis, each error counting 1 (Levenshtein 1966), found by dynamic
 * programming and traced back; among equals a match or substitution comes before a deletion, this before an insertion.
 */
public final class Alignment {
    private Alignment() {}

    /**
     * One step of the way.
     *
     * @param reference word, or null for an insertion
     * @param hypothesis word, or null for a deletion
     */
    public record Pair(@Nullable String reference, @Nullable String hypothesis) {
        /**
         * @return whether both are the same word
         */
        public boolean correct() {
            return reference != null && reference.equals(hypothesis);
        }
    }

    /**
     * @param reference words, may be empty
     * @param hypothesis words, may be empty
     * @return the pairs from the first word to the last
     */
    public static List<Pair> align(List<String> reference, List<String> hypothesis) {
        int n = reference.size();
        int m = hypothesis.size();
        int[][] cost = new int[n + 1][m + 1];
        for (int i = 0; i <= n; i++) {
            for (int j = 0; j <= m; j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                } else {
                    int substitution = reference.get(i - 1).equals(hypothesis.get(j - 1)) ? 0 : 1;
                    cost[i][j] =
                            Math.min(cost[i - 1][j - 1] + substitution, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                }
            }
        }
        List<Pair> pairs = new ArrayList<>();
        int i = n;
        int j = m;
        while (i > 0 || j > 0) {
            if (i > 0
                    && j > 0
                    && cost[i][j]
                            == cost[i - 1][j - 1] + (reference.get(i - 1).equals(hypothesis.get(j - 1)) ? 0 : 1)) {
                pairs.add(new Pair(reference.get(--i), hypothesis.get(--j)));
            } else if (i > 0 && cost[i][j] == cost[i - 1][j] + 1) {
                pairs.add(new Pair(reference.get(--i), null));
            } else {
                pairs.add(new Pair(null, hypothesis.get(--j)));
            }
        }
        Collections.reverse(pairs);
        return pairs;
    }
}
