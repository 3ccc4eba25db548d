package org.transducer4j.asr.search;

/**
 * Frame-synchronous greedy search. Of a transducer: at each frame the most probable symbol is taken until it is blank, or one at most
 * where a label takes a frame. Of CTC (Graves et al. 2006): the most probable symbol of each frame, where one that goes on counts once.
 */
public final class Greedy implements SearchMethod {
    /** Symbols that one frame may emit where labels take no frame; a safeguard against a model that never says blank. */
    private static final int MAX_SYMBOLS = 5;

    /** Greedy search; it keeps nothing. */
    public Greedy() {}

    @Override
    public String name() {
        return SearchMethods.DEFAULT;
    }

    @Override
    public Search begin(DecodingModel model) {
        return model.mergesRepeats() ? new Merging(model) : new Emitting(model);
    }

    /** Of a transducer. */
    private static final class Emitting implements Search {
        private final DecodingModel model;
        private final Trail trail = new Trail();
        private final int blank;
        private final int maxSymbols;
        private DecodingModel.Context context;

        Emitting(DecodingModel model) {
            this.model = model;
            blank = model.blank();
            maxSymbols = model.labelTakesFrame() ? 1 : MAX_SYMBOLS;
            context = model.start();
        }

        @Override
        public void advance(float[] encoded, int firstFrame, int frames) {
            for (int t = firstFrame; t < firstFrame + frames; t++) {
                for (int emitted = 0; emitted < maxSymbols; emitted++) {
                    int best = model.best(encoded, t, context);
                    if (best == blank) {
                        break;
                    }
                    trail.add(best);
                    context = model.step(context, best);
                }
                trail.nextFrame();
            }
        }

        @Override
        public Hypothesis best() {
            return trail.hypothesis();
        }
    }

    /** Of CTC. */
    private static final class Merging implements Search {
        private final DecodingModel model;
        private final Trail trail = new Trail();
        private final int blank;
        private final DecodingModel.Context context;
        private int previous = -1;

        Merging(DecodingModel model) {
            this.model = model;
            blank = model.blank();
            context = model.start();
        }

        @Override
        public void advance(float[] encoded, int firstFrame, int frames) {
            for (int t = firstFrame; t < firstFrame + frames; t++) {
                int best = model.best(encoded, t, context);
                if (best != blank && best != previous) {
                    trail.add(best);
                }
                previous = best;
                trail.nextFrame();
            }
        }

        @Override
        public Hypothesis best() {
            return trail.hypothesis();
        }
    }
}
