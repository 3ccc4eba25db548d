package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.transducer4j.loss.CtcUtterance;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.LogitsRows;
import org.transducer4j.loss.kernel.LogitsSample;
import org.transducer4j.loss.schedule.MemoryBudget;

/**
 * The CTC lattice with float32 log-probabilities and a recursion in double. State 2u is the blank after u labels, state 2u+1
 * is label u. Of each frame only the log-probabilities of blank and of the utterance's labels are kept; their posteriors take their
 * place, and the softmax is made anew from the logits.
 */
final class FloatCtcSample implements LogitsSample {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    /** Frames that are in flight at once, whatever the number of threads. */
    private static final int SLOTS = 16;

    private final LogitsRows logits;
    private final int[] labels;
    private final int blank;
    private final Operations operations;
    private final Workers workers;
    private final Workspace workspace;
    private final int frames;
    private final int vocabulary;
    private final int stride; // of a row in scratch memory
    private final int states; // 2U+1
    private final float[] blankEdge; // (T): log P(blank), then its posterior
    private final float[] labelEdge; // (T, U): log P(label), then its posterior
    private final double[] lse; // (T)
    private final double[] alpha; // (T, 2U+1)

    FloatCtcSample(
            CtcUtterance utterance,
            int blank,
            Operations operations,
            Workers workers,
            Workspace workspace,
            MemoryBudget budget) {
        this.blank = blank;
        this.operations = operations;
        this.workers = workers;
        this.workspace = workspace;
        frames = utterance.frames();
        labels = utterance.labels();
        vocabulary = utterance.logits().value().columns();
        stride = (vocabulary + operations.lanes() - 1) / operations.lanes() * operations.lanes();
        states = 2 * labels.length + 1;
        logits = new LogitsRows(utterance.logits().value().data(), vocabulary, vocabulary, false);
        Workspace.Plan plan = new Workspace.Plan()
                .floats(Use.BLANK_EDGE, frames)
                .floats(Use.LABEL_EDGE, (long) frames * labels.length)
                .floats(Use.LOGITS, (long) SLOTS * stride)
                .logSumExp(frames)
                .alpha((long) frames * states);
        budget.require("the CTC lattice of utterance " + utterance.name(), plan.bytes());
        workspace.fit(plan, budget.bytes());
        blankEdge = workspace.floats(Use.BLANK_EDGE);
        labelEdge = workspace.floats(Use.LABEL_EDGE);
        lse = workspace.logSumExp();
        alpha = workspace.alpha();
    }

    private interface FrameTask {
        void run(float[] row, int offset, int t);
    }

    /** Runs a task for each frame, with its logits in scratch memory. */
    private void forFrames(FrameTask task) {
        float[] scratch = workspace.floats(Use.LOGITS);
        int slots = Math.min(SLOTS, frames);
        workers.run(slots, 20L * frames * vocabulary, slot -> {
            for (int t = slot; t < frames; t += slots) {
                MemorySegment.copy(
                        logits.data(), JAVA_FLOAT_UNALIGNED, logits.offset(t, 0), scratch, slot * stride, vocabulary);
                int end = (slot + 1) * stride;
                Arrays.fill(scratch, end - stride + vocabulary, end, Float.NEGATIVE_INFINITY);
                task.run(scratch, slot * stride, t);
            }
        });
    }

    @Override
    public void forward() {
        forFrames((row, offset, t) -> {
            int edges = t * labels.length;
            blankEdge[t] = row[offset + blank];
            for (int u = 0; u < labels.length; u++) {
                labelEdge[edges + u] = row[offset + labels[u]];
            }
            lse[t] = operations.logSumExp(row, offset, stride);
            blankEdge[t] = (float) (blankEdge[t] - lse[t]);
            for (int u = 0; u < labels.length; u++) {
                labelEdge[edges + u] = (float) (labelEdge[edges + u] - lse[t]);
            }
        });
    }

    /** log P of a state's symbol. */
    private double emission(int t, int s) {
        return s % 2 == 0 ? blankEdge[t] : labelEdge[t * labels.length + s / 2];
    }

    /** Whether a path may come to state s from s-2: from one label to another, without a blank. */
    private boolean skips(int s) {
        return s % 2 == 1 && s >= 3 && labels[s / 2] != labels[s / 2 - 1];
    }

    @Override
    public double solve() {
        for (int t = 0; t < frames; t++) {
            int row = t * states;
            int before = row - states;
            for (int s = 0; s < states; s++) {
                double from;
                if (t == 0) {
                    from = s <= 1 ? 0 : NEVER;
                } else {
                    from = s == 0 ? alpha[before] : logAdd(alpha[before + s], alpha[before + s - 1]);
                    from = skips(s) ? logAdd(from, alpha[before + s - 2]) : from;
                }
                alpha[row + s] = from + emission(t, s);
            }
        }
        int end = frames * states - 1;
        double logP = labels.length == 0 ? alpha[end] : logAdd(alpha[end], alpha[end - 1]);
        if (Double.isFinite(logP)) {
            backward(logP);
        }
        return -logP;
    }

    /** Beta runs backward in one row; posteriors take the place of the log-probabilities behind it. */
    private void backward(double logP) {
        double[] next = new double[states + 2]; // beta(t+1,s) + log P of s at t+1; two more, so that s+2 is there
        Arrays.fill(next, NEVER);
        for (int t = frames - 1; t >= 0; t--) {
            double blanks = 0;
            for (int s = 0; s < states; s++) {
                double beta;
                if (t == frames - 1) {
                    beta = s >= states - 2 ? 0 : NEVER;
                } else {
                    beta = logAdd(next[s], next[s + 1]);
                    beta = s + 2 < states && skips(s + 2) ? logAdd(beta, next[s + 2]) : beta;
                }
                double posterior = Math.exp(alpha[t * states + s] + beta - logP);
                next[s] = beta + emission(t, s);
                if (s % 2 == 0) {
                    blanks += posterior;
                } else {
                    labelEdge[t * labels.length + s / 2] = (float) posterior;
                }
            }
            blankEdge[t] = (float) blanks;
        }
    }

    private static double logAdd(double a, double b) {
        double max = Math.max(a, b);
        double difference = Math.min(a, b) - max;
        // Below -40 the smaller term doesn't reach the last bit of the larger; also where both are -infinity.
        return difference > -40 ? max + Math.log(1 + Math.exp(difference)) : max;
    }

    @Override
    public void backward(LogitsRows gradient, float scale, float clamp) {
        forFrames((row, offset, t) -> {
            float rounded = (float) lse[t];
            int lanes = operations.lanes();
            float factor = (float) Math.exp(rounded - lse[t]);
            operations.exp(row, offset, lanes, stride, rounded);
            operations.scale(row, offset, lanes, factor, row, offset, lanes, stride / lanes);
            row[offset + blank] -= blankEdge[t];
            for (int u = 0; u < labels.length; u++) {
                row[offset + labels[u]] -= labelEdge[t * labels.length + u];
            }
            Clamp.apply(row, offset, vocabulary, clamp);
            if (scale != 1) {
                for (int k = offset; k < offset + vocabulary; k++) {
                    row[k] *= scale;
                }
            }
            MemorySegment.copy(row, offset, gradient.data(), JAVA_FLOAT_UNALIGNED, gradient.offset(t, 0), vocabulary);
        });
    }

    @Override
    public void close() {}
}
