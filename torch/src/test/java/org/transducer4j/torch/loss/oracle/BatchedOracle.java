package org.transducer4j.torch.loss.oracle;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.loss.HeadInput;

/**
 * The padded batched transducer loss in libtorch's operators and autograd only, kept as the oracle: joint logits (B, T, U+1, V), log-softmax, and the forward
 * recursion frame by frame. Along the labels of a frame the recursion alpha(t,u) = logadd(a(u), alpha(t,u-1) + ly(u-1)) is
 * C(u) + logcumsumexp(a - C)(u) with C the running sum of ly.
 */
public final class BatchedOracle {
    private BatchedOracle() {}

    /** The loss of each utterance, (B). */
    public static Tensor losses(HeadInput input, int blank, ScalarType precision) {
        Tensor e = input.encoder().toType(precision);
        Tensor p = input.predictor().toType(precision);
        Tensor sum = e.unsqueeze(2).add(p.unsqueeze(1)); // (B, T, U+1, H)
        Tensor hidden = switch (input.activation()) {
            case TANH -> torch.tanh(sum);
            case RELU -> torch.relu(sum);
            case SIGMOID -> torch.sigmoid(sum);
        };
        Tensor logits = torch.linear(
                hidden,
                input.weight().toType(precision),
                new TensorOptional(input.bias().toType(precision)));
        Tensor logProbs = torch.log_softmax(logits, -1, new ScalarTypeOptional());
        long b = e.size(0);
        int t = (int) e.size(1);
        int rows = (int) p.size(1);
        Tensor blanks = logProbs.select(3, blank); // (B, T, U+1)
        long[] targets = new long[(int) b * rows];
        for (int i = 0; i < b; i++) {
            for (int u = 0; u < input.labels()[i].length; u++) {
                targets[i * rows + u] = input.labels()[i][u];
            }
        }
        Tensor index = Tensors.indices(targets, b, 1, rows, 1).expand(b, t, rows, 1);
        Tensor emits = logProbs.gather(3, index).squeeze(3); // (B, T, U+1), the last column unused
        // C(u) = ly(0) + ... + ly(u-1)
        Tensor zeros = torch.zeros(new long[] {b, t, 1}, e.options());
        Tensor c = rows == 1
                ? zeros
                : torch.cat(
                        new TensorVector(zeros, emits.narrow(2, 0, rows - 1).cumsum(2, new ScalarTypeOptional())), 2);
        Tensor alpha = c.select(1, 0);
        TensorVector alphas = new TensorVector();
        alphas.push_back(alpha);
        for (int i = 1; i < t; i++) {
            Tensor stay = alpha.add(blanks.select(1, i - 1));
            Tensor ci = c.select(1, i);
            alpha = ci.add(torch.logcumsumexp(stay.sub(ci), 1));
            alphas.push_back(alpha);
        }
        Tensor ends = torch.stack(alphas, 1).add(blanks).view(b, -1); // (B, T*(U+1))
        long[] last = new long[(int) b];
        Arrays.setAll(last, i -> (input.frames()[i] - 1L) * rows + input.labels()[i].length);
        return ends.gather(1, Tensors.indices(last, b, 1)).squeeze(1).neg();
    }

    /** The scalar loss. */
    public static Tensor loss(HeadInput input, int blank, Reduction reduction, ScalarType precision) {
        Tensor sum = losses(input, blank, precision).sum();
        return reduction == Reduction.SUM ? sum : sum.mul(new Scalar(1.0 / input.frames().length));
    }
}
