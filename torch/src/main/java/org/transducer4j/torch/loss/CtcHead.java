package org.transducer4j.torch.loss;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.loss.CtcLoss;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.torch.Torch;

/**
 * The CTC loss on libtorch tensors.
 *
 * <p>One thread at a time: a second that enters meanwhile, and whoever comes after {@link #close}, gets an {@link IllegalStateException}.
 */
public final class CtcHead implements AutoCloseable {
    private final CtcLoss loss;

    /**
     * Opens a head.
     *
     * @param options how the loss is computed
     */
    public CtcHead(LossOptions options) {
        Torch.load();
        loss = CtcLoss.open(options);
    }

    /**
     * The loss of a padded batch. Gradients are computed only if the logits require them, and only while autograd is on.
     *
     * @param logits (B, Tmax, V) before softmax
     * @param frames B numbers T
     * @param labels B arrays of U labels
     * @param names what error messages call the utterances
     * @param reduction SUM, or MEAN over the utterances that count
     * @return the scalar and the losses of the utterances
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.input.NonFiniteLossException if a loss isn't finite and the options say FAIL
     */
    public HeadLoss loss(Tensor logits, int[] frames, int[][] labels, List<String> names, Reduction reduction) {
        Traced traced = Traced.of("logits", logits, false);
        List<CtcUtterance> batch = new ArrayList<>();
        for (int b = 0; b < frames.length; b++) {
            batch.add(new CtcUtterance(names.get(b), traced.utterance(b, frames[b]), labels[b]));
        }
        return Traced.loss(List.of(traced), loss.compute(batch, Reduction.SUM), reduction);
    }

    /**
     * The mean loss of a padded batch, see {@link #loss(Tensor, int[], int[][], List, Reduction)}.
     *
     * @param logits (B, Tmax, V) before softmax
     * @param frames B numbers T
     * @param labels B arrays of U labels
     * @param names what error messages call the utterances
     * @return the scalar and the losses of the utterances
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.input.NonFiniteLossException if a loss isn't finite and the options say FAIL
     */
    public HeadLoss loss(Tensor logits, int[] frames, int[][] labels, List<String> names) {
        return loss(logits, frames, labels, names, Reduction.MEAN);
    }

    @Override
    public void close() {
        loss.close();
    }
}
