package org.transducer4j.loss.internal.reference;

import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;

/** The simple joiner by its definition: at each node a softmax over am + lm, in double. */
final class ReferenceSimpleSample implements SimpleSample {
    private final Utterance utterance;
    private final int[] labels;
    private final SimpleJoiner joiner;
    private final LatticeOptions options;
    private final ScratchMeter meter;
    private final ReferenceLattice lattice;
    private final long bytes;
    private final int frames;
    private final int positions; // U+1
    private final int vocabulary;
    private final double[] am; // (T, V)
    private final double[] lm; // (U+1, V)
    private final double[] lmOnly; // (U+1, V): softmax(lm_u)
    private final double[] unigram; // (V): mean of its rows
    private final double[] amOnly; // (T, V): softmax(am_t + log unigram)
    private boolean solved;

    ReferenceSimpleSample(Utterance utterance, SimpleJoiner joiner, LatticeOptions options, ScratchMeter meter) {
        this.utterance = utterance;
        labels = utterance.labels();
        this.joiner = joiner;
        this.options = options;
        this.meter = meter;
        frames = utterance.frames();
        positions = utterance.labelCount() + 1;
        vocabulary = utterance.encoder().value().columns();
        bytes = scratch(utterance).bytes();
        meter.take(bytes);
        lattice = new ReferenceLattice(band(utterance), labels, options);
        am = ReferenceHead.doubles(utterance.encoder().value());
        lm = ReferenceHead.doubles(utterance.predictor().value());
        lmOnly = new double[lm.length];
        unigram = new double[vocabulary];
        amOnly = new double[am.length];
    }

    private static Band band(Utterance utterance) {
        return Band.full(utterance.frames(), utterance.labelCount());
    }

    /** am and lm, and what each says alone; the lattice. */
    static Scratch scratch(Utterance utterance) {
        long vocabulary = utterance.encoder().value().columns();
        long inputs = (utterance.frames() + utterance.labelCount() + 1L) * vocabulary;
        return new Scratch(0, 0, ReferenceLattice.bytes(band(utterance)), 0, (2 * inputs + vocabulary) * Double.BYTES);
    }

    @Override
    public void forward() {
        for (int u = 0; u < positions; u++) {
            double lse = logSumExp(u, lm);
            for (int v = 0; v < vocabulary; v++) {
                lmOnly[u * vocabulary + v] = Math.exp(lm[u * vocabulary + v] - lse);
                unigram[v] += lmOnly[u * vocabulary + v] / positions;
            }
        }
        for (int t = 0; t < frames; t++) {
            double[] z = new double[vocabulary];
            for (int v = 0; v < vocabulary; v++) {
                z[v] = am[t * vocabulary + v] + Math.log(unigram[v]);
            }
            double lse = logSumExp(0, z);
            for (int v = 0; v < vocabulary; v++) {
                amOnly[t * vocabulary + v] = Math.exp(z[v] - lse);
            }
            for (int u = 0; u < positions; u++) {
                double[] combined = combined(t, u);
                double label = u < positions - 1 ? score(t, u, combined, labels[u]) : 0;
                lattice.weigh(t, u, score(t, u, combined, options.blank()), label);
            }
        }
    }

    /** The smoothed log-probability of a symbol. A scale of 0 takes its part away even where that is -infinity. */
    private double score(int t, int u, double[] combined, int symbol) {
        double sum = joiner.combinedScale() == 0 ? 0 : joiner.combinedScale() * Math.log(combined[symbol]);
        if (joiner.lmOnlyScale() != 0) {
            sum += joiner.lmOnlyScale() * Math.log(lmOnly[u * vocabulary + symbol]);
        }
        if (joiner.amOnlyScale() != 0) {
            sum += joiner.amOnlyScale() * Math.log(amOnly[t * vocabulary + symbol]);
        }
        return sum;
    }

    /** softmax(am_t + lm_u). */
    private double[] combined(int t, int u) {
        double[] z = new double[vocabulary];
        for (int v = 0; v < vocabulary; v++) {
            z[v] = am[t * vocabulary + v] + lm[u * vocabulary + v];
        }
        double lse = logSumExp(0, z);
        for (int v = 0; v < vocabulary; v++) {
            z[v] = Math.exp(z[v] - lse);
        }
        return z;
    }

    private double logSumExp(int row, double[] z) {
        double max = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < vocabulary; v++) {
            max = Math.max(max, z[row * vocabulary + v]);
        }
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += Math.exp(z[row * vocabulary + v] - max);
        }
        return max + Math.log(sum);
    }

    @Override
    public double solve() {
        solved = true;
        return lattice.solve();
    }

    @Override
    public double blank(int t, int u) {
        int n = (int) lattice.band.node(t, u);
        return solved ? lattice.eb[n] : lattice.lb[n];
    }

    @Override
    public double label(int t, int u) {
        int n = (int) lattice.band.node(t, u);
        return solved ? lattice.el[n] : lattice.ly[n];
    }

    /**
     * With g(t,u,k) the posterior of the edge that emits k at (t,u), -log P has the gradient sum_k g (softmax - onehot_k) with
     * respect to the scores that each of the three softmaxes is of, times its scale. That of am_t + log p goes on to lm
     * through the mean p.
     */
    @Override
    public void backward() {
        double[] dAm = new double[am.length];
        double[] dLm = new double[lm.length];
        double[] dLogUnigram = new double[vocabulary];
        for (int t = 0; t < frames; t++) {
            for (int u = 0; u < positions; u++) {
                double[] combined = combined(t, u);
                for (int v = 0; v < vocabulary; v++) {
                    double emitted = v == options.blank() ? blank(t, u) : 0;
                    if (u < positions - 1 && v == labels[u]) {
                        emitted += label(t, u);
                    }
                    double node = blank(t, u) + label(t, u);
                    double both = joiner.combinedScale() * (node * combined[v] - emitted);
                    double alone = joiner.amOnlyScale() * (node * amOnly[t * vocabulary + v] - emitted);
                    dAm[t * vocabulary + v] += both + alone;
                    dLm[u * vocabulary + v] +=
                            both + joiner.lmOnlyScale() * (node * lmOnly[u * vocabulary + v] - emitted);
                    dLogUnigram[v] += alone;
                }
            }
        }
        for (int u = 0; u < positions; u++) {
            double sum = 0;
            for (int v = 0; v < vocabulary; v++) {
                sum += dLogUnigram[v] * share(u, v);
            }
            for (int v = 0; v < vocabulary; v++) {
                dLm[u * vocabulary + v] += dLogUnigram[v] * share(u, v) - sum * lmOnly[u * vocabulary + v];
            }
        }
        ReferenceHead.write(dAm, utterance.encoder().gradient());
        ReferenceHead.write(dLm, utterance.predictor().gradient());
    }

    /** The part of the mean's symbol v that is of position u; 0 where no position knows the symbol. */
    private double share(int u, int v) {
        return unigram[v] == 0 ? 0 : lmOnly[u * vocabulary + v] / (positions * unigram[v]);
    }

    @Override
    public void close() {
        meter.give(bytes);
    }
}
