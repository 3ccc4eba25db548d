package org.transducer4j.loss.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.LossResult;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.NonFinite;
import org.transducer4j.loss.NonFiniteLossException;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.JointSample;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.Tile;
import org.transducer4j.loss.lattice.Band;

/**
 * One utterance after another (Braun, McDermott, Hsiao 2022, arXiv 2211.16270): forward over its nodes, alpha and beta,
 * backward over its nodes, gradients pushed back, next utterance. No padding is ever computed.
 *
 * <p>Logits that fit the scratch limit are kept from forward to backward. Those of a larger utterance pass by in tiles
 * and are made a second time, last tile first, since that one is still there.
 */
public final class SampleWise {
    private SampleWise() {}

    /**
     * Losses and gradients of a batch.
     *
     * @param kernels what computes
     * @param joint the joint network
     * @param batch checked utterances
     * @param options blank, clamp, scratch limit, treatment of losses that aren't finite
     * @return the losses
     */
    public static LossResult run(Kernels kernels, JointNetwork joint, List<Utterance> batch, LossOptions options) {
        kernels.resetPeak();
        double[] losses = new double[batch.size()];
        List<Integer> skipped = new ArrayList<>();
        long nodes = 0;
        try (Head head = kernels.head(joint)) {
            for (int b = 0; b < losses.length; b++) {
                Utterance utterance = batch.get(b);
                Band band = Band.full(utterance.frames(), utterance.labels().length);
                nodes += band.nodes();
                zero(utterance.encoder().gradient());
                zero(utterance.predictor().gradient());
                losses[b] = one(head, joint, utterance, band, options);
                if (!Double.isFinite(losses[b])) {
                    if (options.nonFinite() == NonFinite.FAIL) {
                        throw new NonFiniteLossException(utterance.name(), losses[b]);
                    }
                    skipped.add(b);
                }
            }
            head.finish();
        }
        return new LossResult(losses, List.copyOf(skipped), nodes, kernels.peakScratchBytes());
    }

    private static double one(Head head, JointNetwork joint, Utterance utterance, Band band, LossOptions options) {
        long nodes = band.nodes();
        int step = (int) Math.clamp(options.scratchBytes() / head.bytesPerRow(), 1, Math.min(nodes, maxRows(joint)));
        Tile tile = head.tile(step);
        try (JointSample sample = head.begin(utterance, band, options.blank())) {
            long last = (nodes - 1) / step * step;
            for (long first = 0; first <= last; first += step) {
                sample.forward(tile, first, (int) Math.min(step, nodes - first), true);
            }
            double loss = sample.solve();
            if (!Double.isFinite(loss) || !wantsGradients(joint, utterance)) {
                return loss;
            }
            for (long first = last; first >= 0; first -= step) {
                int rows = (int) Math.min(step, nodes - first);
                if (first != last) {
                    sample.forward(tile, first, rows, false);
                }
                sample.backward(tile, first, rows, options.clamp());
            }
            sample.finish();
            return loss;
        }
    }

    /** An array of Java has at most 2^31 - 1 elements, a tile is one. */
    private static long maxRows(JointNetwork joint) {
        return Math.max(1, (Integer.MAX_VALUE - 1024) / joint.vocabulary());
    }

    private static boolean wantsGradients(JointNetwork joint, Utterance utterance) {
        return joint.weight().gradient() != null
                || joint.bias().gradient() != null
                || utterance.encoder().gradient() != null
                || utterance.predictor().gradient() != null;
    }

    private static void zero(@Nullable Matrix gradient) {
        if (gradient != null) {
            gradient.rows(0, gradient.rows()).data().fill((byte) 0);
        }
    }
}
