package org.transducer4j.loss;

/** Checks on labels. */
final class Labels {
    private Labels() {}

    static void checkBlank(int blank, int vocabulary) {
        Require.that(blank < vocabulary, "blank is %d, but the vocabulary ends at %d", blank, vocabulary - 1);
    }

    static void check(String utterance, int[] labels, int blank, int vocabulary) {
        for (int u = 0; u < labels.length; u++) {
            Require.that(
                    labels[u] >= 0 && labels[u] < vocabulary && labels[u] != blank,
                    "utterance %s: label %d is %d; labels are 0 to %d, without blank %d",
                    utterance,
                    u,
                    labels[u],
                    vocabulary - 1,
                    blank);
        }
    }
}
