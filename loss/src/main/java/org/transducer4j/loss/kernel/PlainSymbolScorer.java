package org.transducer4j.loss.kernel;

/** The loop that every JIT compiler makes vectors of: over symbols, along the rows of the transposed weight. */
final class PlainSymbolScorer implements SymbolScorer {
    private final int vocabulary;
    private final int width;
    private final float[] transposed; // (H, V)
    private final float[] bias;

    PlainSymbolScorer(float[] weight, float[] bias) {
        vocabulary = bias.length;
        if (vocabulary == 0 || weight.length % vocabulary != 0) {
            throw new IllegalArgumentException("a weight of " + weight.length
                    + " values has no whole number of columns for a bias of " + vocabulary);
        }
        width = weight.length / vocabulary;
        this.bias = bias.clone();
        transposed = new float[weight.length];
        for (int v = 0; v < vocabulary; v++) {
            for (int h = 0; h < width; h++) {
                transposed[h * vocabulary + v] = weight[v * width + h];
            }
        }
    }

    @Override
    public void score(float[] hidden, int offset, float[] logits) {
        System.arraycopy(bias, 0, logits, 0, vocabulary);
        for (int h = 0; h < width; h++) {
            float x = hidden[offset + h];
            int row = h * vocabulary;
            for (int v = 0; v < vocabulary; v++) {
                logits[v] += x * transposed[row + v];
            }
        }
    }
}
