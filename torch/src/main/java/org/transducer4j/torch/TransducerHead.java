package org.transducer4j.torch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.LossResult;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Parameter;
import org.transducer4j.loss.Reduction;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.lattice.BestPath;

/**
 * Joint network and transducer loss as one differentiable scalar on libtorch tensors.
 *
 * <p>The kernels read encoder and predictor outputs where they lie and write the gradients g_x at once, so no logits and no
 * graph of the joint network ever exist. The scalar is built as sum over x of dot(x, g_x), whose derivative with respect to each x is g_x, and its value is then
 * overwritten by the loss. It can be scaled and added to other losses; {@code backward()} costs four products.
 *
 * <p>Not thread-safe.
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

    /** A tensor, its memory, and where its gradient goes. */
    private record Traced(
            Tensor tensor,
            Matrix value,
            @Nullable Tensor gradient,
            @Nullable Matrix gradientMatrix) {
        static Traced of(String name, Tensor tensor, boolean zeros) {
            Matrix value = matrix(name, tensor);
            if (!GradMode.is_enabled() || !tensor.requires_grad()) {
                return new Traced(tensor, value, null, null);
            }
            long[] shape = Tensors.shape(tensor);
            Tensor gradient = zeros ? torch.zeros(shape) : torch.empty(shape);
            return new Traced(tensor, value, gradient, matrix(name, gradient));
        }

        /** A vector counts as one row. */
        private static Matrix matrix(String name, Tensor tensor) {
            return Tensors.matrix(name, tensor);
        }

        Parameter whole() {
            return new Parameter(value, gradientMatrix);
        }

        Parameter rows(long from, long count) {
            return new Parameter(
                    value.rows(from, count), gradientMatrix == null ? null : gradientMatrix.rows(from, count));
        }

        void clearRows(long from, long count) {
            if (gradientMatrix != null && count > 0) {
                MemorySegment padding = gradientMatrix.rows(from, count).data();
                padding.fill((byte) 0);
            }
        }
    }

    /** A batch as the kernels see it, and the four tensors that it was made of. */
    private record TracedInput(JointNetwork joint, List<Utterance> batch, List<Traced> parts) {
        static TracedInput of(HeadInput input) {
            Traced encoder = Traced.of("encoder", input.encoder(), false);
            Traced predictor = Traced.of("predictor", input.predictor(), false);
            Traced weight = Traced.of("weight", input.weight(), true);
            Traced bias = Traced.of("bias", input.bias(), true);
            long tMax = input.encoder().size(1);
            long rows = input.predictor().size(1);
            List<Utterance> batch = new ArrayList<>();
            for (int b = 0; b < input.frames().length; b++) {
                int[] labels = input.labels()[b];
                int frames = input.frames()[b];
                batch.add(new Utterance(
                        input.names().get(b),
                        encoder.rows(b * tMax, frames),
                        predictor.rows(b * rows, labels.length + 1L),
                        labels));
                encoder.clearRows(b * tMax + frames, tMax - frames);
                predictor.clearRows(b * rows + labels.length + 1, rows - labels.length - 1);
            }
            JointNetwork joint = new JointNetwork(input.activation(), weight.whole(), bias.whole());
            return new TracedInput(joint, batch, List.of(encoder, predictor, weight, bias));
        }
    }

    /**
     * The most probable path of each utterance: the frames at which the model emits its labels.
     *
     * @param input the batch
     * @return the paths; under {@link org.transducer4j.loss.NonFinite#SKIP} one without frames where there is none
     * @throws IllegalArgumentException if a tensor isn't float32, on the CPU and contiguous, or labels don't fit
     * @throws org.transducer4j.loss.NonFiniteLossException if there is no path and the options say FAIL
     */
    public List<BestPath> align(HeadInput input) {
        try (NoGradGuard _ = new NoGradGuard()) {
            TracedInput traced = TracedInput.of(input);
            return loss.align(traced.joint(), traced.batch());
        }
    }

    @Override
    public HeadLoss loss(HeadInput input, Reduction reduction) {
        if (reduction == Reduction.NONE) {
            throw new IllegalArgumentException(
                    "a head gives one number: take SUM or MEAN, the result lists all losses");
        }
        TracedInput traced = TracedInput.of(input);
        LossResult result = loss.compute(traced.joint(), traced.batch());
        double scale = reduction == Reduction.MEAN ? 1.0 / Math.max(1, result.counted()) : 1;
        Tensor value = null;
        for (Traced part : traced.parts()) {
            Tensor gradient = part.gradient();
            if (gradient != null) {
                Tensor dot = part.tensor().view(-1).dot(gradient.view(-1));
                value = value == null ? dot : value.add(dot);
            }
        }
        if (value == null) {
            return new HeadLoss(torch.tensor((float) (result.sum() * scale)), result);
        }
        if (scale != 1) {
            value = value.mul(new Scalar(scale));
        }
        // No backward formula above reads this value, so it may be replaced.
        try (NoGradGuard _ = new NoGradGuard()) {
            value.detach().fill_(new Scalar(result.sum() * scale));
        }
        return new HeadLoss(value, result);
    }

    @Override
    public void close() {
        loss.close();
    }
}
