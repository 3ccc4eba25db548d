package org.transducer4j.toy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.encoder.AutogradStage;
import org.transducer4j.asr.encoder.Encoder;
import org.transducer4j.asr.encoder.EncoderConfiguration;
import org.transducer4j.asr.encoder.RecomputedStage;
import org.transducer4j.asr.encoder.Stage;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Linear;

/**
 * An encoder from outside, of two stages: a few frames on top of each other through a matrix, by loops of its own in both directions, and a layer of tanh that is
 * computed once more in the backward pass.
 *
 * @param stack frames that become one, 1 or more
 * @param width between the stages
 * @param dropout behind the second stage
 */
public record ToyEncoder(int stack, int width, double dropout) implements EncoderConfiguration {
    /** Three frames, width 24. */
    public ToyEncoder() {
        this(3, 24, 0.1);
    }

    /** Checks the options. */
    public ToyEncoder {
        if (stack < 1 || width < 1) {
            throw new IllegalArgumentException("stack and width must be 1 or more, got " + stack + " and " + width);
        }
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Encoder build(ParameterSet parameters, String prefix, int bins, int joint) {
        List<Stage> stages = List.of(
                new Stacked(parameters, prefix + ".stacked", stack, bins, width),
                new RecomputedStage(new Tanh(new Linear(parameters, prefix + ".linear", width, joint), dropout)));
        return new Encoder() {
            @Override
            public List<Stage> stages() {
                return stages;
            }

            @Override
            public boolean streams() {
                return true;
            }
        };
    }

    /** y[k] = W [x[k S], ..., x[k S + S - 1]], with loops instead of libtorch. */
    private static final class Stacked implements Stage {
        private final Tensor weight;
        private final int stack;
        private final int columns;
        private final int width;

        Stacked(ParameterSet parameters, String name, int stack, int bins, int width) {
            this.stack = stack;
            this.width = width;
            columns = stack * bins;
            weight = parameters.weight(name, Math.sqrt(3.0 / columns), width, columns);
        }

        @Override
        public int stride() {
            return stack;
        }

        @Override
        public Pass forward(Tensor x, int[] lengths, @Nullable State before, boolean training) {
            float[] in = Tensors.toArray(x);
            float[] w = Tensors.toArray(weight.detach());
            int rows = in.length / columns;
            float[] out = new float[rows * width];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < width; i++) {
                    double sum = 0;
                    for (int j = 0; j < columns; j++) {
                        sum += w[i * columns + j] * in[row * columns + j];
                    }
                    out[row * width + i] = (float) sum;
                }
            }
            Tensor output = Tensors.of(out, x.size(0), x.size(1) / stack, width);
            return new Pass() {
                @Override
                public Tensor output() {
                    return output;
                }

                @Override
                public State state() {
                    return State.NONE;
                }

                @Override
                public @Nullable Tensor backward(Tensor gradient) {
                    return back(x, in, w, Tensors.toArray(gradient.contiguous()));
                }
            };
        }

        private @Nullable Tensor back(Tensor x, float[] in, float[] w, float[] dy) {
            MemorySegment dw = Tensors.memory("gradient of the weight", weight.grad());
            float[] dx = new float[in.length];
            for (int k = 0; k < dy.length; k++) {
                int row = k / width;
                int i = k % width;
                for (int j = 0; j < columns; j++) {
                    dx[row * columns + j] += dy[k] * w[i * columns + j];
                    long at = (long) i * columns + j;
                    float before = dw.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                    dw.setAtIndex(ValueLayout.JAVA_FLOAT, at, before + dy[k] * in[row * columns + j]);
                }
            }
            return x.requires_grad() ? Tensors.of(dx, Tensors.shape(x)) : null;
        }
    }

    private static final class Tanh extends AutogradStage {
        private final Linear linear;
        private final double dropout;

        Tanh(Linear linear, double dropout) {
            this.linear = linear;
            this.dropout = dropout;
        }

        @Override
        protected Result compute(Tensor x, int[] lengths, @Nullable State before, boolean training) {
            Tensor y = linear.forward(x).tanh();
            return new Result(training ? torch.dropout(y, dropout, true) : y, State.NONE);
        }
    }
}
