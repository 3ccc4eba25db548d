package org.transducer4j.toy;

import org.transducer4j.asr.search.DecodingModel;
import org.transducer4j.asr.search.Hypothesis;
import org.transducer4j.asr.search.Search;
import org.transducer4j.asr.search.SearchMethod;

/** A search from outside: the first label that is more probable than blank, and no more. */
public final class ToySearch implements SearchMethod {
    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Search begin(DecodingModel model) {
        return new Search() {
            private final float[] logProbs = new float[model.vocabulary()];
            private int frame;
            private int token = model.blank();
            private int found = -1;

            @Override
            public void advance(float[] encoded, int firstFrame, int frames) {
                for (int t = firstFrame; t < firstFrame + frames && found < 0; t++, frame++) {
                    model.logProbs(encoded, t, model.start(), logProbs);
                    for (int v = 0; v < logProbs.length; v++) {
                        token = logProbs[v] > logProbs[token] ? v : token;
                    }
                    found = token == model.blank() ? -1 : frame;
                }
            }

            @Override
            public Hypothesis best() {
                return found < 0
                        ? new Hypothesis(new int[0], new int[0])
                        : new Hypothesis(new int[] {token}, new int[] {found});
            }
        };
    }
}
