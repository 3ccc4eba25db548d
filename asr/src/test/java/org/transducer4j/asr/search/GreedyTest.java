package org.transducer4j.asr.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** Greedy search over models that say what is written in the frames. */
class GreedyTest {
    /** Each frame holds the symbol that is best at it; a transducer's is blank once the label before is that one. */
    private record Scripted(boolean labelTakesFrame, boolean mergesRepeats, boolean insists) implements DecodingModel {
        private record Last(int label) implements Context {}

        @Override
        public int vocabulary() {
            return 10;
        }

        @Override
        public int blank() {
            return 0;
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public Context start() {
            return new Last(-1);
        }

        @Override
        public Context step(Context before, int label) {
            return new Last(label);
        }

        @Override
        public void logProbs(float[] encoded, int frame, Context context, float[] into) {
            throw new UnsupportedOperationException("greedy search needs no probabilities");
        }

        @Override
        public int best(float[] encoded, int frame, Context context) {
            int symbol = (int) encoded[frame];
            return insists || ((Last) context).label != symbol ? symbol : 0;
        }
    }

    private static final DecodingModel REGULAR = new Scripted(false, false, false);
    private static final DecodingModel MODIFIED = new Scripted(true, false, true);
    private static final DecodingModel CTC = new Scripted(true, true, true);

    private static void assertFound(DecodingModel model, float[] frames, int[] tokens, int[] at) {
        for (int chunk = 1; chunk <= frames.length; chunk++) {
            Search search = new Greedy().begin(model);
            for (int t = 0; t < frames.length; t += chunk) {
                search.advance(frames, t, Math.min(chunk, frames.length - t));
            }
            assertArrayEquals(tokens, search.best().tokens(), "chunks of " + chunk);
            assertArrayEquals(at, search.best().frames(), "chunks of " + chunk);
        }
    }

    @Test
    void aFrameOfARegularTransducerEmitsUntilItSaysBlank() {
        assertFound(REGULAR, new float[] {0, 3, 3, 0, 4, 3}, new int[] {3, 4, 3}, new int[] {1, 4, 5});
        // One that never says blank is stopped after five.
        assertFound(new Scripted(false, false, true), new float[] {0, 3, 0}, new int[] {3, 3, 3, 3, 3}, new int[] {
            1, 1, 1, 1, 1
        });
    }

    @Test
    void aFrameOfAModifiedTransducerEmitsOneAtMost() {
        assertFound(MODIFIED, new float[] {3, 3, 0, 4}, new int[] {3, 3, 4}, new int[] {0, 1, 3});
    }

    @Test
    void aSymbolOfCtcThatGoesOnCountsOnce() {
        assertFound(CTC, new float[] {0, 3, 3, 0, 3, 4, 4, 4, 3}, new int[] {3, 3, 4, 3}, new int[] {1, 4, 5, 8});
    }

    @Test
    void manyTokensAreKept() {
        float[] frames = new float[1000];
        int[] tokens = new int[1000];
        int[] at = new int[1000];
        for (int t = 0; t < 1000; t++) {
            frames[t] = tokens[t] = 1 + t % 9;
            at[t] = t;
        }
        Search search = new Greedy().begin(MODIFIED);
        search.advance(frames, 0, 1000);
        assertArrayEquals(tokens, search.best().tokens());
        assertArrayEquals(at, search.best().frames());
    }
}
