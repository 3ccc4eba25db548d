package org.transducer4j.loss.internal.cpu;

import java.util.stream.IntStream;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.EdgePosteriors;

/**
 * What am and lm say alone in a simple joiner: softmax(lm_u), and softmax(am_t + log p) with p the mean of softmax(lm_u)
 * over the positions. Both softmaxes are the exponentials that the joiner has anyway, times a number a row. What a scale of 0
 * takes away isn't computed.
 */
final class SimpleSmoothing {
    /** Sums of exponentials below it may have lost terms to underflow, and are made again in double. */
    private static final double THIN = 1e-30;

    private static final double[] NONE = {};

    private final Matrix am;
    private final Matrix lm;
    private final int[] labels;
    private final SimpleJoiner joiner;
    private final boolean hasAmOnly;
    private final int blank;
    private final int frames;
    private final int positions;
    private final int vocabulary;
    private final double[] lmLse; // (U+1)
    private final double[] lmAtBlank; // (U+1)
    private final double[] lmAtLabel; // (U+1)
    private final double[] lmShare; // (U+1): softmax(lm_u) is this times the exponentials
    private final double[] blanks; // (U+1): posteriors of the edges that leave a position, summed over frames
    private final double[] emitted; // (U+1)
    private final double[] occupancies; // (T): posteriors of the nodes of a frame, summed
    private final double[] unigram; // (V): p
    private final double[] amLse; // (T)
    private final double[]
            amShare; // (T): softmax(am_t + log p) is this times p times the exponentials; 0 where amLse is made in
    // double
    private final double[] dLogUnigram; // (V)
    private int[] thin = {}; // symbols v of which p is made in double

    SimpleSmoothing(Utterance utterance, SimpleJoiner joiner, int blank) {
        am = utterance.encoder().value();
        lm = utterance.predictor().value();
        labels = utterance.labels();
        this.joiner = joiner;
        this.blank = blank;
        frames = utterance.frames();
        positions = labels.length + 1;
        vocabulary = am.columns();
        hasAmOnly = joiner.amOnlyScale() != 0;
        lmLse = new double[positions];
        lmAtBlank = new double[positions];
        lmAtLabel = new double[positions];
        lmShare = new double[positions];
        blanks = new double[positions];
        emitted = new double[positions];
        occupancies = new double[frames];
        unigram = hasAmOnly ? new double[vocabulary] : NONE;
        dLogUnigram = hasAmOnly ? new double[vocabulary] : NONE;
        amLse = hasAmOnly ? new double[frames] : NONE;
        amShare = hasAmOnly ? new double[frames] : NONE;
    }

    static long bytes(int frames, int positions, int vocabulary, SimpleJoiner joiner) {
        long doubles = 6L * positions + frames;
        if (joiner.amOnlyScale() != 0) {
            doubles += 2L * vocabulary + 2L * frames;
        }
        return doubles * Double.BYTES;
    }

    /**
     * Takes in lm.
     *
     * @param exponentials rows exp(lm - max), stride apart
     * @param max of each row
     * @param total of the exponentials of each row
     */
    void readLm(float[] exponentials, int stride, float[] max, float[] total) {
        for (int u = 0; u < positions; u++) {
            lmLse[u] = max[u] + Math.log(total[u]);
            lmShare[u] = 1.0 / total[u];
            lmAtBlank[u] = lm.get(u, blank);
            lmAtLabel[u] = u < labels.length ? lm.get(u, labels[u]) : Double.NEGATIVE_INFINITY;
            double weight = lmShare[u] / positions;
            for (int v = 0; v < unigram.length; v++) {
                unigram[v] += weight * exponentials[u * stride + v];
            }
        }
        if (hasAmOnly) {
            thin = IntStream.range(0, vocabulary).filter(v -> unigram[v] < THIN).toArray();
            for (int v : thin) {
                unigram[v] = 0;
                for (int u = 0; u < positions; u++) {
                    unigram[v] += lmOnly(u, v) / positions;
                }
            }
        }
    }

    /**
     * Takes in a frame of am.
     *
     * @param exponentials exp(am - max), from an offset on
     * @param max of the frame
     */
    void readAm(int t, float[] exponentials, int offset, float max) {
        if (!hasAmOnly) {
            return;
        }
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += unigram[v] * exponentials[offset + v];
        }
        if (sum >= THIN) {
            amLse[t] = max + Math.log(sum);
            amShare[t] = 1 / sum;
            return;
        }
        double most = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < vocabulary; v++) {
            most = Math.max(most, am.get(t, v) + Math.log(unigram[v]));
        }
        sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += Math.exp(am.get(t, v) + Math.log(unigram[v]) - most);
        }
        amLse[t] = most + Math.log(sum);
        amShare[t] = 0;
    }

    /** The smoothed log-probability of blank at a node, where am gives it a score. */
    double blank(int t, int u, double atAm, double normaliser) {
        return score(t, u, blank, atAm, lmAtBlank[u], normaliser);
    }

    /** The smoothed log-probability of the next label at a node, where am gives it a score. */
    double label(int t, int u, double atAm, double normaliser) {
        return score(t, u, labels[u], atAm, lmAtLabel[u], normaliser);
    }

    /** A scale of 0 takes its part away even where that is -infinity. */
    private double score(int t, int u, int symbol, double ofAm, double ofLm, double normaliser) {
        double sum = joiner.combinedScale() == 0 ? 0 : joiner.combinedScale() * (ofAm + ofLm - normaliser);
        if (joiner.lmOnlyScale() != 0) {
            sum += joiner.lmOnlyScale() * (ofLm - lmLse[u]);
        }
        if (hasAmOnly) {
            sum += joiner.amOnlyScale() * (ofAm + Math.log(unigram[symbol]) - amLse[t]);
        }
        return sum;
    }

    /** Sums the posteriors of the edges that leave a position. */
    void sumPosition(int u, EdgePosteriors edges) {
        for (int t = 0; t < frames; t++) {
            blanks[u] += edges.blank(t, u);
            emitted[u] += edges.label(t, u);
        }
    }

    /** Sums the posteriors of the nodes of a frame. */
    void sumFrame(int t, EdgePosteriors edges) {
        for (int u = 0; u < positions; u++) {
            occupancies[t] += edges.blank(t, u) + edges.label(t, u);
        }
    }

    /** How often softmax(am_t + log p) counts at a frame. */
    private double amOnlyCount(int t) {
        return joiner.amOnlyScale() * occupancies[t];
    }

    /**
     * Adds what am alone adds to the gradient of a frame, without what was emitted.
     *
     * @param exponentials exp(am - max), beginning at the offset as the gradient does
     */
    void addAmGradient(int t, float[] exponentials, float[] to, int offset) {
        for (int v = 0; v < unigram.length; v++) {
            to[offset + v] += (float) (amOnlyCount(t) * amOnly(t, v, exponentials[offset + v]));
        }
    }

    /** Takes in what comes back from a frame through p. */
    void addUnigramGradient(int t, float[] exponentials, int offset) {
        for (int v = 0; v < dLogUnigram.length; v++) {
            dLogUnigram[v] += amOnlyCount(t) * amOnly(t, v, exponentials[offset + v]);
        }
    }

    /** Takes in what was emitted, which is the last of what comes back through p. */
    void finishUnigramGradient() {
        for (int u = 0; u < positions && hasAmOnly; u++) {
            dLogUnigram[blank] -= joiner.amOnlyScale() * blanks[u];
            if (u < positions - 1) {
                dLogUnigram[labels[u]] -= joiner.amOnlyScale() * emitted[u];
            }
        }
    }

    private double amOnly(int t, int v, float exponential) {
        return unigram[v] * (amShare[t] == 0 ? Math.exp(am.get(t, v) - amLse[t]) : amShare[t] * exponential);
    }

    private double lmOnly(int u, int v) {
        return Math.exp(lm.get(u, v) - lmLse[u]);
    }

    /**
     * Turns a row of R^T A into the gradient of lm.
     *
     * @param exponentials exp(lm - max), beginning at the offset as the row does
     */
    void lmGradient(int u, float[] exponentials, float[] row, int offset) {
        float alone = (float) (joiner.lmOnlyScale() * (blanks[u] + emitted[u]) * lmShare[u]);
        for (int i = offset; i < offset + vocabulary; i++) {
            row[i] = exponentials[i] * (row[i] + alone);
        }
        if (hasAmOnly) {
            addThroughUnigram(u, exponentials, row, offset);
        }
        row[offset + blank] -= (float) ((joiner.combinedScale() + joiner.lmOnlyScale()) * blanks[u]);
        if (u < labels.length) {
            row[offset + labels[u]] -= (float) ((joiner.combinedScale() + joiner.lmOnlyScale()) * emitted[u]);
        }
    }

    /** d log p, shared out to the positions by their parts of p, through softmax(lm_u). */
    private void addThroughUnigram(int u, float[] exponentials, float[] row, int offset) {
        double back = 0;
        for (int v = 0; v < vocabulary; v++) {
            back += dLogUnigram[v] * part(u, v, exponentials[offset + v]);
        }
        for (int v = 0; v < vocabulary; v++) {
            float exponential = exponentials[offset + v];
            row[offset + v] += (float) (dLogUnigram[v] * part(u, v, exponential) - back * lmShare[u] * exponential);
        }
    }

    /** The part of p's symbol v that is of position u; 0 where no position knows the symbol. */
    private double part(int u, int v, float exponential) {
        if (unigram[v] < THIN) {
            return unigram[v] == 0 ? 0 : lmOnly(u, v) / (positions * unigram[v]);
        }
        return lmShare[u] * exponential / (positions * unigram[v]);
    }
}
