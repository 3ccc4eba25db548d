package org.transducer4j.loss.kernel;

/**
 * A linear layer to symbols as searches need it, one row at a time: z = W h + b. Searches ask for rows that depend on what they found
 * before, so there is no batch to compute. Thread-safe.
 */
public interface SymbolScorer {
    /**
     * Scores a row.
     *
     * @param hidden holds h
     * @param offset where its H values begin
     * @param logits receives z: V values
     */
    void score(float[] hidden, int offset, float[] logits);

    /**
     * A scorer in plain Java.
     *
     * @param weight (V, H) row-major; copied
     * @param bias (V); copied
     * @return the scorer
     * @throws IllegalArgumentException if the weight isn't a number of rows as long as the bias
     */
    static SymbolScorer plain(float[] weight, float[] bias) {
        return new PlainSymbolScorer(weight, bias);
    }
}
