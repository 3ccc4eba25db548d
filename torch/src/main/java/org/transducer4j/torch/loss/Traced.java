package org.transducer4j.torch.loss;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.torch.Tensors;

/**
 * A tensor, its memory, and where its gradient goes, if it wants one: the bridge from kernels that write gradients at once to a
 * scalar with a graph.
 */
record Traced(
        Tensor tensor,
        Matrix value,
        @Nullable Tensor gradient,
        @Nullable Matrix gradientMatrix) {
    /** A vector counts as one row, more dimensions than two as rows of the last. */
    static Traced of(String name, Tensor tensor, boolean zeros) {
        Matrix value = Tensors.matrix(name, tensor);
        if (!GradMode.is_enabled() || !tensor.requires_grad()) {
            return new Traced(tensor, value, null, null);
        }
        long[] shape = Tensors.shape(tensor);
        Tensor gradient = zeros ? torch.zeros(shape) : torch.empty(shape);
        return new Traced(tensor, value, gradient, Tensors.matrix(name, gradient));
    }

    Parameter whole() {
        return new Parameter(value, gradientMatrix);
    }

    Parameter rows(long from, long count) {
        return new Parameter(value.rows(from, count), gradientMatrix == null ? null : gradientMatrix.rows(from, count));
    }

    /** The valid rows of utterance b of a padded (B, rows, ...) tensor; the gradient of its padding is cleared. */
    Parameter utterance(int b, long valid) {
        long rows = tensor.size(1);
        long padding = rows - valid;
        if (gradientMatrix != null && padding > 0) {
            MemorySegment rest = gradientMatrix.rows(b * rows + valid, padding).data();
            rest.fill((byte) 0);
        }
        return rows(b * rows, valid);
    }

    /**
     * A scalar with the value of the loss whose derivative with respect to each part x is its gradient g: sum over x of
     * dot(x, g), its value overwritten.
     *
     * @throws IllegalArgumentException if the reduction is NONE
     */
    static HeadLoss loss(List<Traced> parts, LossResult result, Reduction reduction) {
        if (reduction == Reduction.NONE) {
            throw new IllegalArgumentException(
                    "a head gives one number: take SUM or MEAN, the result lists all losses");
        }
        double scale = reduction.factor(result.counted());
        Tensor value = null;
        for (Traced part : parts) {
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
}
