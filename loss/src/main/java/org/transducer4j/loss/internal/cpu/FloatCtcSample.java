package org.transducer4j.loss.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.LogitsSample;

/**
 * The CTC lattice with float32 log-probabilities and a recursion in double. Blank u is what follows
 * u labels. Of each frame only the log-probabilities of blank and of the utterance's labels are kept; their posteriors take their
 * place, and the softmax is made anew from the logits.
 */
final class FloatCtcSample implements LogitsSample {
    private static final double NEVER = Operations.NEVER;

    /** Frames that are in flight at once, whatever the number of threads. */
    private static final int SLOTS = 16;

    /** Rows behind the forward scores. */
    private static final int ROWS = 5;

    private final LogitsRows logits;
    private final int[] labels;
    private final int blank;
    private final Operations operations;
    private final Workers workers;
    private final Workspace workspace;
    private final int frames;
    private final int vocabulary;
    private final int stride; // of a row in scratch memory
    private final int vectors; // U+1, up to whole vectors
    private final int room; // one more, for what is before the first label
    private final int labelStride; // U, up to whole vectors
    private final float[] blankEdge; // (T): log P(blank), then its posterior
    private final float[] labelEdge; // (T, U up to whole vectors): log P(label), then its posterior
    private final double[] lse; // (T)
    private final double[] alpha; // (T, 2, U+1 and room), and behind it a few rows for the recursion

    FloatCtcSample(
            CtcUtterance utterance,
            int blank,
            Operations operations,
            Workers workers,
            Workspace workspace,
            long limit) {
        this.blank = blank;
        this.operations = operations;
        this.workers = workers;
        this.workspace = workspace;
        frames = utterance.frames();
        labels = utterance.labels();
        vocabulary = utterance.logits().value().columns();
        stride = wholeVectors(vocabulary, operations);
        vectors = wholeVectors(labels.length + 1, operations);
        room = vectors + 1;
        labelStride = wholeVectors(labels.length, operations);
        logits = new LogitsRows(utterance.logits().value().data(), frames, vocabulary, vocabulary, false);
        workspace.fit(plan(utterance, operations), limit);
        blankEdge = workspace.floats(Use.BLANK_EDGE);
        labelEdge = workspace.floats(Use.LABEL_EDGE);
        lse = workspace.logSumExp();
        alpha = workspace.alpha();
    }

    /** Lengths of the arrays that an utterance needs. */
    static Workspace.Plan plan(CtcUtterance utterance, Operations operations) {
        int labels = utterance.labelCount();
        long frames = utterance.frames();
        long vectors = wholeVectors(labels + 1, operations);
        return new Workspace.Plan()
                .floats(Use.BLANK_EDGE, frames)
                .floats(Use.LABEL_EDGE, frames * wholeVectors(labels, operations))
                .floats(Use.SUM, vectors)
                .floats(
                        Use.LOGITS,
                        (long) SLOTS * wholeVectors(utterance.logits().value().columns(), operations))
                .logSumExp(frames)
                .alpha((2 * frames + ROWS) * (vectors + 1));
    }

    private static int wholeVectors(int n, Operations operations) {
        return Math.ceilDiv(n, operations.lanes()) * operations.lanes();
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
            int edges = edges(t);
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

    /** Whether a path may come to label u from the one before it, without a blank between them. */
    private boolean skips(int u) {
        return u >= 1 && u < labels.length && labels[u] != labels[u - 1];
    }

    /** Where the forward scores of a frame's blanks begin; those of its labels follow. */
    private int blankRow(int t) {
        return t * 2 * room;
    }

    private int labelRow(int t) {
        return blankRow(t) + room;
    }

    private int edges(int t) {
        return t * labelStride;
    }

    /**
     * <pre>
     * m(t,u)       = logadd(blank(t,u), label(t,u-1))
     * blank(t+1,u) = m(t,u) + log P(blank)
     * label(t+1,u) = logadd(label(t,u), m(t,u) or, where the label is that before it, blank(t,u)) + log P(label)
     * </pre>
     */
    @Override
    public double solve() {
        int merged = frames * 2 * room; // behind the scores, and so on
        int from = merged + room;
        Arrays.fill(alpha, 0, from + room, NEVER);
        alpha[blankRow(0)] = blankEdge[0];
        if (labels.length > 0) {
            alpha[labelRow(0)] = labelEdge[edges(0)];
        }
        for (int t = 1; t < frames; t++) {
            int blanks = blankRow(t - 1);
            int emitted = labelRow(t - 1);
            // What is before the first label is NEVER: the blanks have room for one more.
            operations.logAdd(alpha, blanks, alpha, emitted - 1, alpha, merged, vectors);
            for (int u = 0; u <= labels.length; u++) {
                alpha[blankRow(t) + u] = alpha[merged + u] + blankEdge[t];
                alpha[from + u] = alpha[skips(u) ? merged + u : blanks + u];
            }
            operations.logAdd(alpha, emitted, alpha, from, alpha, merged, vectors);
            for (int u = 0; u < labels.length; u++) {
                alpha[labelRow(t) + u] = alpha[merged + u] + labelEdge[edges(t) + u];
            }
        }
        operations.logAdd(
                alpha,
                blankRow(frames - 1) + labels.length,
                alpha,
                labelRow(frames - 1) + labels.length - 1,
                alpha,
                merged,
                1);
        double logP = alpha[merged] < NEVER / 2 ? Double.NEGATIVE_INFINITY : alpha[merged];
        if (Double.isFinite(logP)) {
            backward(logP);
        }
        return -logP;
    }

    /** Beta runs backward in one row; posteriors take the place of the log-probabilities behind it. */
    private void backward(double logP) {
        int blankBeta = frames * 2 * room;
        int labelBeta = blankBeta + room;
        int nextBlank = labelBeta + room; // beta of one frame on, and the log-probability there
        int nextLabel = nextBlank + room;
        int from = nextLabel + room;
        Arrays.fill(alpha, blankBeta, from + room, NEVER);
        alpha[blankBeta + labels.length] = 0;
        if (labels.length > 0) {
            alpha[labelBeta + labels.length - 1] = 0;
        }
        float[] posteriors = workspace.floats(Use.SUM); // of a frame's blanks, which are summed
        for (int t = frames - 1; t >= 0; t--) {
            if (t < frames - 1) {
                operations.logAdd(alpha, nextBlank, alpha, nextLabel, alpha, blankBeta, vectors);
                for (int u = 0; u < labels.length; u++) {
                    alpha[from + u] = alpha[(skips(u + 1) ? blankBeta : nextBlank) + u + 1];
                }
                operations.logAdd(alpha, nextLabel, alpha, from, alpha, labelBeta, vectors);
            }
            for (int u = 0; u <= labels.length; u++) {
                alpha[nextBlank + u] = alpha[blankBeta + u] + blankEdge[t];
            }
            for (int u = 0; u < labels.length; u++) {
                alpha[nextLabel + u] = alpha[labelBeta + u] + labelEdge[edges(t) + u];
            }
            operations.posteriors(alpha, blankRow(t), alpha, blankBeta, logP, posteriors, 0, vectors);
            blankEdge[t] = Operations.sum(posteriors, 0, labels.length + 1);
            operations.posteriors(alpha, labelRow(t), alpha, labelBeta, logP, labelEdge, edges(t), labelStride);
        }
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
                row[offset + labels[u]] -= labelEdge[edges(t) + u];
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
