package org.transducer4j.loss.internal.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.LogitsSample;

/**
 * The CTC lattice. Labels alternate with blanks: l = blank y_1 blank ... y_U blank, 2U+1 states; y(t,s) = log P(l_s) at frame
 * t. A state may be skipped where it is a blank between two different labels.
 *
 * <pre>
 * alpha(0,0) = y(0,0)   alpha(0,1) = y(0,1)
 * alpha(t,s) = y(t,s) + logadd(alpha(t-1,s), alpha(t-1,s-1), alpha(t-1,s-2) if l_s is no blank and not l_{s-2})
 * beta(T-1,2U) = beta(T-1,2U-1) = 0
 * beta(t,s)  = logadd(beta(t+1,s) + y(t+1,s), ... s+1, ... s+2 if it may be reached)
 * log P = logadd(alpha(T-1,2U), alpha(T-1,2U-1))
 * gamma(t,s) = exp(alpha(t,s) + beta(t,s) - log P);   dz_k(t) = softmax_k - sum of gamma(t,s) over l_s = k
 * </pre>
 *
 * (Graves et al. 2006.)
 */
final class ReferenceCtcSample implements LogitsSample {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private final LogitsRows logits;
    private final int[] symbols; // l
    private final int frames;
    private final int blank;
    private final ScratchMeter meter;
    private final long bytes;
    private final double[][] logP; // (T, V)
    private final double[][] gamma; // (T, 2U+1)

    ReferenceCtcSample(CtcUtterance utterance, int blank, ScratchMeter meter) {
        this.blank = blank;
        this.meter = meter;
        frames = utterance.frames();
        int vocabulary = utterance.logits().value().columns();
        logits = new LogitsRows(utterance.logits().value().data(), frames, vocabulary, vocabulary, false);
        int[] labels = utterance.labels();
        symbols = new int[2 * utterance.labelCount() + 1];
        for (int s = 0; s < symbols.length; s++) {
            symbols[s] = s % 2 == 0 ? blank : labels[s / 2];
        }
        bytes = scratch(utterance).bytes();
        meter.take(bytes);
        logP = new double[frames][vocabulary];
        gamma = new double[frames][symbols.length];
    }

    /** Log-probabilities; alpha, beta and gamma. */
    static Scratch scratch(CtcUtterance utterance) {
        long vocabulary = utterance.logits().value().columns();
        long states = 2L * utterance.labelCount() + 1;
        return new Scratch(
                utterance.frames() * vocabulary * Double.BYTES,
                0,
                3L * utterance.frames() * states * Double.BYTES,
                0,
                0);
    }

    @Override
    public void forward() {
        for (int t = 0; t < frames; t++) {
            double max = NEVER;
            for (int k = 0; k < logits.vocabulary(); k++) {
                logP[t][k] = logits.data().get(JAVA_FLOAT_UNALIGNED, logits.offset(t, 0) + (long) k * Float.BYTES);
                max = Math.max(max, logP[t][k]);
            }
            double sum = 0;
            for (int k = 0; k < logits.vocabulary(); k++) {
                sum += Math.exp(logP[t][k] - max);
            }
            for (int k = 0; k < logits.vocabulary(); k++) {
                logP[t][k] -= max + Math.log(sum);
            }
        }
    }

    @Override
    public double solve() {
        int last = symbols.length - 1;
        double[][] alpha = new double[frames][];
        double[][] beta = new double[frames][];
        for (int t = 0; t < frames; t++) {
            alpha[t] = new double[symbols.length];
            for (int s = 0; s <= last; s++) {
                double from = t == 0
                        ? s <= 1 ? 0 : NEVER
                        : logAdd(
                                alpha[t - 1][s],
                                logAdd(s >= 1 ? alpha[t - 1][s - 1] : NEVER, skips(s) ? alpha[t - 1][s - 2] : NEVER));
                alpha[t][s] = from + logP[t][symbols[s]];
            }
        }
        for (int t = frames - 1; t >= 0; t--) {
            beta[t] = new double[symbols.length];
            for (int s = 0; s <= last; s++) {
                beta[t][s] = t == frames - 1
                        ? s >= last - 1 ? 0 : NEVER
                        : logAdd(
                                next(beta, t, s),
                                logAdd(
                                        s + 1 <= last ? next(beta, t, s + 1) : NEVER,
                                        s + 2 <= last && skips(s + 2) ? next(beta, t, s + 2) : NEVER));
            }
        }
        double total = logAdd(alpha[frames - 1][last], last > 0 ? alpha[frames - 1][last - 1] : NEVER);
        for (int t = 0; t < frames; t++) {
            for (int s = 0; s <= last; s++) {
                gamma[t][s] = Math.exp(alpha[t][s] + beta[t][s] - total);
            }
        }
        return -total;
    }

    private double next(double[][] beta, int t, int s) {
        return beta[t + 1][s] + logP[t + 1][symbols[s]];
    }

    /** Whether a path may come from s-2. */
    private boolean skips(int s) {
        return s >= 2 && symbols[s] != blank && symbols[s] != symbols[s - 2];
    }

    @Override
    public void backward(LogitsRows gradient, float scale, float clamp) {
        for (int t = 0; t < frames; t++) {
            double[] dz = new double[logits.vocabulary()];
            for (int k = 0; k < dz.length; k++) {
                dz[k] = Math.exp(logP[t][k]);
            }
            for (int s = 0; s < symbols.length; s++) {
                dz[symbols[s]] -= gamma[t][s];
            }
            for (int k = 0; k < dz.length; k++) {
                double clamped = clamp > 0 ? Math.clamp(dz[k], -clamp, clamp) : dz[k];
                gradient.data().set(JAVA_FLOAT_UNALIGNED, gradient.offset(t, 0) + (long) k * Float.BYTES, (float)
                        (scale * clamped));
            }
        }
    }

    private static double logAdd(double a, double b) {
        double max = Math.max(a, b);
        return max == NEVER ? NEVER : max + Math.log1p(Math.exp(Math.min(a, b) - max));
    }

    @Override
    public void close() {
        meter.give(bytes);
    }
}
