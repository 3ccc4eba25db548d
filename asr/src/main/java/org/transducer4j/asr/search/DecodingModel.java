package org.transducer4j.asr.search;

/**
 * What a search asks of a trained model: how probable each symbol is at a frame, after what was said before.
 *
 * <p>A view for one search: it shares the model's weights with all others, its scratch memory is its own. Not thread-safe.
 */
public interface DecodingModel {
    /**
     * What was said before, as the model sees it. Never changes, and may be kept by as many hypotheses as there are; opaque to searches.
     */
    interface Context {}

    /**
     * The number of symbols.
     *
     * @return V, blank among them
     */
    int vocabulary();

    /**
     * The blank symbol.
     *
     * @return its index, in [0, V)
     */
    int blank();

    /**
     * The width of the encoder's output.
     *
     * @return H: the columns of a frame
     */
    int width();

    /**
     * Whether a label takes a frame.
     *
     * @return true where a frame emits one label at most (modified topology, CTC), false where it emits any number
     */
    boolean labelTakesFrame();

    /**
     * Whether a symbol that goes on over several frames counts once.
     *
     * @return true for CTC
     */
    boolean mergesRepeats();

    /**
     * The context before the first label.
     *
     * @return where a search begins
     */
    Context start();

    /**
     * The context after one more label.
     *
     * @param before the context so far
     * @param label in [0, V), not blank
     * @return the context then
     */
    Context step(Context before, int label);

    /**
     * How probable each symbol is.
     *
     * @param encoded encoder outputs, row-major with H columns
     * @param frame the row to read
     * @param context what was said before
     * @param into receives V natural logarithms of probabilities
     */
    void logProbs(float[] encoded, int frame, Context context, float[] into);

    /**
     * The most probable symbol, without the probabilities of all.
     *
     * @param encoded encoder outputs, row-major with H columns
     * @param frame the row to read
     * @param context what was said before
     * @return its index; the lowest among equals
     */
    int best(float[] encoded, int frame, Context context);
}
