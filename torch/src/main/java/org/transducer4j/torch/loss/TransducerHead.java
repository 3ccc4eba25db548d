package org.transducer4j.torch.loss;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.torch.Torch;

/**
 * Joint network and transducer loss as one differentiable scalar on libtorch tensors.
 *
 * <p>The kernels read encoder and predictor outputs where they lie and write the gradients g_x at once, so no logits and no
 * graph of the joint network ever exist. The scalar is built as sum over x of dot(x, g_x), whose derivative with respect to each x is g_x.
 * It can be scaled and added to other losses; {@code backward()} costs four products.
 *
 * <p>One thread at a time: a second that enters meanwhile, and whoever comes after {@link #close}, gets an {@link IllegalStateException}.
 */
public final class TransducerHead implements LossHead {
    private final TransducerLoss loss;

    /**
     * Opens a head.
     *
     * @param options how the loss is computed
     */
    public TransducerHead(LossOptions options) {
        Torch.load();
        loss = TransducerLoss.open(options);
    }

    /** A batch as the kernels see it, and the four tensors that it was made of. */
    private record TracedInput(JointNetwork joint, List<Utterance> batch, List<Traced> parts) {
        static TracedInput of(HeadInput input) {
            Traced encoder = Traced.of("encoder", input.encoder(), false);
            Traced predictor = Traced.of("predictor", input.predictor(), false);
            Traced weight = Traced.of("weight", input.weight(), true);
            Traced bias = Traced.of("bias", input.bias(), true);
            List<Utterance> batch = new ArrayList<>();
            int[] frames = input.frames();
            int[][] allLabels = input.labels();
            for (int b = 0; b < frames.length; b++) {
                int[] labels = allLabels[b];
                batch.add(new Utterance(
                        input.names().get(b),
                        encoder.utterance(b, frames[b]),
                        predictor.utterance(b, labels.length + 1L),
                        labels));
            }
            JointNetwork joint = new JointNetwork(input.activation(), weight.whole(), bias.whole());
            return new TracedInput(joint, batch, List.of(encoder, predictor, weight, bias));
        }
    }

    /**
     * The most probable path of each utterance: the frames at which the model emits its labels.
     *
     * @param input the batch
     * @return the paths; under {@link org.transducer4j.loss.input.NonFinite#SKIP} one without frames where there is none
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.input.NonFiniteLossException if there is no path and the options say FAIL
     */
    public List<BestPath> align(HeadInput input) {
        try (NoGradGuard _ = new NoGradGuard()) {
            TracedInput traced = TracedInput.of(input);
            List<Band> bands = input.bands();
            return bands == null
                    ? loss.align(traced.joint(), traced.batch())
                    : loss.align(traced.joint(), traced.batch(), bands);
        }
    }

    /**
     * How probable each edge and node of each utterance's lattice is, given its labels: of the nodes in the input's bands, if it has some.
     *
     * @param input the batch
     * @return the posteriors of each
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     */
    public List<Posteriors> posteriors(HeadInput input) {
        try (NoGradGuard _ = new NoGradGuard()) {
            TracedInput traced = TracedInput.of(input);
            List<Band> bands = input.bands();
            return bands == null
                    ? loss.posteriors(traced.joint(), traced.batch())
                    : loss.posteriors(traced.joint(), traced.batch(), bands);
        }
    }

    @Override
    public HeadLoss loss(HeadInput input, Reduction reduction) {
        TracedInput traced = TracedInput.of(input);
        List<Band> bands = input.bands();
        LossResult result = bands == null
                ? loss.compute(traced.joint(), traced.batch(), Reduction.SUM)
                : loss.compute(traced.joint(), traced.batch(), bands, Reduction.SUM);
        return Traced.loss(traced.parts(), result, reduction);
    }

    @Override
    public void close() {
        loss.close();
    }
}
