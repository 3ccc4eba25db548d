package org.transducer4j.loss.internal.cpu;

import java.util.Arrays;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.kernel.EdgePosteriors;
import org.transducer4j.loss.prune.SimpleJoiner;

/**
 * What am and lm say alone in a simple joiner: softmax(lm_u), and softmax(am_t + log p) with p the mean of softmax(lm_u)
 * over the positions. It costs rows, not nodes. What a scale of 0 takes away isn't computed.
 */
final class SimpleSmoothing {
    private static final double[] NONE = {};

    private final Matrix am;
    private final Matrix lm;
    private final int[] labels;
    private final SimpleJoiner joiner;
    private final int blank;
    private final Operations operations;
    private final int frames;
    private final int positions;
    private final int vocabulary;
    private final double[] lmLse; // (U+1)
    private final double[] unigram; // (V): p
    private final double[] amLse; // (T)
    private final double[] blanks; // (U+1): posteriors of the edges that leave a position, summed over frames
    private final double[] emitted; // (U+1)
    private final double[] dLogUnigram; // (V)
    private final double[] back; // (U+1): what softmax(lm_u) takes of the gradient that comes through p

    SimpleSmoothing(Utterance utterance, SimpleJoiner joiner, int blank, Operations operations) {
        am = utterance.encoder().value();
        lm = utterance.predictor().value();
        labels = utterance.labels();
        this.joiner = joiner;
        this.blank = blank;
        this.operations = operations;
        frames = utterance.frames();
        positions = labels.length + 1;
        vocabulary = am.columns();
        lmLse = new double[positions];
        blanks = new double[positions];
        emitted = new double[positions];
        unigram = joiner.amOnlyScale() == 0 ? NONE : new double[vocabulary];
        dLogUnigram = joiner.amOnlyScale() == 0 ? NONE : new double[vocabulary];
        amLse = joiner.amOnlyScale() == 0 ? NONE : new double[frames];
        back = joiner.amOnlyScale() == 0 ? NONE : new double[positions];
    }

    static long bytes(int frames, int positions, int vocabulary, SimpleJoiner joiner) {
        long doubles = 3L * positions;
        if (joiner.amOnlyScale() != 0) {
            doubles += 2L * vocabulary + frames + positions;
        }
        return doubles * Double.BYTES + 2L * vocabulary * Float.BYTES;
    }

    /** Takes in lm. */
    void readLm() {
        int stride = (vocabulary + operations.lanes() - 1) / operations.lanes() * operations.lanes();
        float[] row = new float[vocabulary];
        float[] exponentials = new float[stride];
        for (int u = 0; u < positions; u++) {
            lm.read(u, row, 0);
            System.arraycopy(row, 0, exponentials, 0, vocabulary);
            Arrays.fill(exponentials, vocabulary, stride, Float.NEGATIVE_INFINITY);
            lmLse[u] = operations.logSumExp(exponentials, 0, stride);
            for (int v = 0; v < unigram.length; v++) {
                unigram[v] += Math.exp(row[v] - lmLse[u]) / positions;
            }
        }
    }

    /** Takes in a frame of am. */
    void readAm(int t) {
        if (joiner.amOnlyScale() == 0) {
            return;
        }
        double max = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < vocabulary; v++) {
            max = Math.max(max, am.get(t, v) + Math.log(unigram[v]));
        }
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += Math.exp(am.get(t, v) + Math.log(unigram[v]) - max);
        }
        amLse[t] = max + Math.log(sum);
    }

    /** The smoothed log-probability of a symbol; a scale of 0 takes its part away even where that is -infinity. */
    double score(int t, int u, int symbol, double normaliser) {
        double ofAm = am.get(t, symbol);
        double ofLm = lm.get(u, symbol);
        double sum = joiner.combinedScale() == 0 ? 0 : joiner.combinedScale() * (ofAm + ofLm - normaliser);
        if (joiner.lmOnlyScale() != 0) {
            sum += joiner.lmOnlyScale() * (ofLm - lmLse[u]);
        }
        if (joiner.amOnlyScale() != 0) {
            sum += joiner.amOnlyScale() * (ofAm + Math.log(unigram[symbol]) - amLse[t]);
        }
        return sum;
    }

    /** Sums the posteriors of the edges that leave each position, and what comes back through p. */
    void sumPosteriors(EdgePosteriors edges) {
        for (int t = 0; t < frames; t++) {
            double node = 0;
            for (int u = 0; u < positions; u++) {
                blanks[u] += edges.blank(t, u);
                emitted[u] += edges.label(t, u);
                node += edges.blank(t, u) + edges.label(t, u);
            }
            for (int v = 0; v < dLogUnigram.length; v++) {
                dLogUnigram[v] += joiner.amOnlyScale() * node * amOnly(t, v);
            }
        }
        if (joiner.amOnlyScale() == 0) {
            return;
        }
        for (int u = 0; u < positions; u++) {
            dLogUnigram[blank] -= joiner.amOnlyScale() * blanks[u];
            if (u < positions - 1) {
                dLogUnigram[labels[u]] -= joiner.amOnlyScale() * emitted[u];
            }
        }
        for (int u = 0; u < positions; u++) {
            for (int v = 0; v < vocabulary; v++) {
                back[u] += dLogUnigram[v] * share(u, v);
            }
        }
    }

    private double lmOnly(int u, int v) {
        return Math.exp(lm.get(u, v) - lmLse[u]);
    }

    private double amOnly(int t, int v) {
        return unigram[v] * Math.exp(am.get(t, v) - amLse[t]);
    }

    /** The part of p's symbol v that is of position u; 0 where no position knows the symbol. */
    private double share(int u, int v) {
        return unigram[v] == 0 ? 0 : lmOnly(u, v) / (positions * unigram[v]);
    }

    /** What the parts alone add to the gradient of lm, without {@link #emittedAt}. */
    double lmGradient(int u, int v) {
        double sum = 0;
        if (joiner.lmOnlyScale() != 0) {
            sum += joiner.lmOnlyScale() * (blanks[u] + emitted[u]) * lmOnly(u, v);
        }
        if (joiner.amOnlyScale() != 0) {
            sum += dLogUnigram[v] * share(u, v) - back[u] * lmOnly(u, v);
        }
        return sum;
    }

    /** How often blank, or the next label, was emitted at a position, by the parts of the joiner that know lm directly. */
    double emittedAt(int u, boolean label) {
        return (joiner.combinedScale() + joiner.lmOnlyScale()) * (label ? emitted[u] : blanks[u]);
    }

    /** Adds what am alone adds to its gradient, without what was emitted. */
    void addAmGradient(int t, double occupancy, float[] to, int offset) {
        if (joiner.amOnlyScale() != 0) {
            for (int v = 0; v < vocabulary; v++) {
                to[offset + v] += (float) (joiner.amOnlyScale() * occupancy * amOnly(t, v));
            }
        }
    }
}
