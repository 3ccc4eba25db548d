package org.transducer4j.torch.loss;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.loss.SimpleLoss;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.SimpleResult;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.torch.Torch;

/**
 * The loss of a simple joiner on libtorch tensors, and the bands that it leaves to the full one ({@link
 * HeadInput#within}).
 *
 * <p>One thread at a time: a second that enters meanwhile, and whoever comes after {@link #close}, gets an {@link IllegalStateException}.
 */
public final class SimpleHead implements AutoCloseable {
    private final SimpleLoss loss;

    /**
     * Opens a head.
     *
     * @param options how the loss is computed
     * @param joiner how far its parts count alone
     * @param pruning how bands are chosen
     */
    public SimpleHead(LossOptions options, SimpleJoiner joiner, Pruning pruning) {
        Torch.load();
        loss = SimpleLoss.open(options, joiner, pruning);
    }

    /**
     * What a simple joiner says about a batch.
     *
     * @param loss a scalar with a graph, and the losses
     * @param bands which nodes the full joiner should see, B bands
     */
    public record Result(HeadLoss loss, List<Band> bands) {}

    /**
     * The loss of a padded batch. Gradients are computed only for tensors that require them, and only while autograd is on.
     *
     * @param am (B, Tmax, V) from the encoder
     * @param lm (B, Umax+1, V) from the predictor
     * @param frames B numbers T
     * @param labels B arrays of U labels
     * @param names what error messages call the utterances
     * @param reduction SUM, or MEAN over the utterances that count
     * @return loss and bands
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.input.NonFiniteLossException if a loss isn't finite and the options say FAIL
     */
    public Result loss(Tensor am, Tensor lm, int[] frames, int[][] labels, List<String> names, Reduction reduction) {
        Traced encoder = Traced.of("am", am, false);
        Traced predictor = Traced.of("lm", lm, false);
        List<Utterance> batch = new ArrayList<>();
        for (int b = 0; b < frames.length; b++) {
            batch.add(new Utterance(
                    names.get(b),
                    encoder.utterance(b, frames[b]),
                    predictor.utterance(b, labels[b].length + 1L),
                    labels[b]));
        }
        SimpleResult result = loss.compute(batch, Reduction.SUM);
        return new Result(Traced.loss(List.of(encoder, predictor), result.loss(), reduction), result.bands());
    }

    /**
     * The mean loss of a padded batch, see {@link #loss(Tensor, Tensor, int[], int[][], List, Reduction)}.
     *
     * @param am (B, Tmax, V) from the encoder
     * @param lm (B, Umax+1, V) from the predictor
     * @param frames B numbers T
     * @param labels B arrays of U labels
     * @param names what error messages call the utterances
     * @return loss and bands
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.input.NonFiniteLossException if a loss isn't finite and the options say FAIL
     */
    public Result loss(Tensor am, Tensor lm, int[] frames, int[][] labels, List<String> names) {
        return loss(am, lm, frames, labels, names, Reduction.MEAN);
    }

    @Override
    public void close() {
        loss.close();
    }
}
