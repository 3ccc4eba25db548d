package org.transducer4j.bench.papers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.transducer4j.bench.plan.Lengths;

/**
 * Lengths as those of LibriSpeech's train-clean-100 with speed perturbation: T after subsampling by 4, U in 500 BPE tokens. Drawn, for
 * where the published benchmark's own table isn't at hand.
 */
final class LibriSpeechLengths {
    private static final int UTTERANCES = 85_617;

    /** Frames that so large a share of the utterances doesn't reach; straight lines between. */
    private static final double[][] QUANTILES = {
        {0, 31},
        {.01, 62},
        {.05, 105},
        {.1, 160},
        {.2, 256},
        {.3, 302},
        {.4, 326},
        {.5, 343},
        {.6, 357},
        {.7, 373},
        {.8, 392},
        {.9, 416},
        {.95, 432},
        {.99, 452},
        {1, 680}
    };

    /** Tokens of a frame, and how much that varies from one utterance to the next. */
    private static final double TOKENS = 0.215;

    private static final double TOKENS_DEVIATION = 0.040;

    private LibriSpeechLengths() {}

    static List<Lengths> draw(long seed) {
        Random random = new Random(seed);
        List<Lengths> lengths = new ArrayList<>();
        for (int i = 0; i < UTTERANCES; i++) {
            int frames = (int) Math.round(frames(random.nextDouble()));
            double tokens = frames * (TOKENS + TOKENS_DEVIATION * random.nextGaussian());
            lengths.add(new Lengths(frames, (int) Math.max(1, Math.round(tokens))));
        }
        return lengths;
    }

    private static double frames(double share) {
        int above = 1;
        while (above < QUANTILES.length - 1 && QUANTILES[above][0] < share) {
            above++;
        }
        double[] low = QUANTILES[above - 1];
        double[] high = QUANTILES[above];
        return low[1] + (high[1] - low[1]) * (share - low[0]) / (high[0] - low[0]);
    }
}
