package org.transducer4j.asr.encoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.transducer4j.torch.Tensors;

/**
 * A batch behind an encoder, and the way back through it.
 *
 * <p>In training the output is a leaf: a loss leaves its gradient there, and {@link #backward} leads that through the stages, the last one first.
 */
public final class Encoded {
    private final List<Stage> stages;
    private final List<Border> borders;
    private final Tensor output;
    private final int[] lengths;
    private final EncoderState state;
    private final boolean training;
    private boolean wentBack;

    /** A stage's input and its way through. */
    private record Border(Tensor x, Stage.Pass pass) {}

    private Encoded(List<Stage> stages, List<Border> borders, int[] lengths, boolean training) {
        this.stages = stages;
        this.borders = borders;
        this.lengths = lengths;
        this.training = training;
        output = leaf(borders.getLast().pass().output().contiguous(), training);
        state = new EncoderState(
                borders.stream().map(border -> border.pass().state()).toList());
    }

    /**
     * Leads a batch, or a chunk of each of its streams, through an encoder, stage by stage.
     *
     * @param encoder the encoder
     * @param x features (B, T, bins), T a multiple of {@link Encoder#framesPerOutput}; their gradient is asked for if they require one
     * @param lengths B numbers of feature frames that count
     * @param before the state after the chunk before, or null at the beginning
     * @param training whether dropout acts, and {@link #backward} follows
     * @return what comes out
     * @throws IllegalArgumentException if T or the lengths don't fit
     * @throws IllegalStateException if a stage gives another number of frames than it says
     */
    public static Encoded of(
            Encoder encoder, Tensor x, int[] lengths, @Nullable EncoderState before, boolean training) {
        List<Stage> stages = encoder.stages();
        if (x.dim() != 3 || x.size(0) != lengths.length || x.size(1) % encoder.framesPerOutput() != 0) {
            throw new IllegalArgumentException("features must be (" + lengths.length + ", a multiple of "
                    + encoder.framesPerOutput() + ", bins), they are " + Arrays.toString(Tensors.shape(x)));
        }
        for (int length : lengths) {
            if (length < 0 || length > x.size(1)) {
                throw new IllegalArgumentException(
                        "an utterance of " + length + " frames can't be in a batch of " + x.size(1));
            }
        }
        if (before != null && !encoder.streams()) {
            throw new IllegalArgumentException("there can't be a chunk before: the encoder doesn't stream");
        }
        if (before != null && before.stages().size() != stages.size()) {
            throw new IllegalArgumentException(
                    "the state is of " + before.stages().size() + " stages, the encoder has " + stages.size()
                            + ": it is another encoder's");
        }
        List<Border> borders = new ArrayList<>();
        Tensor in = leaf(x, training && x.requires_grad());
        int[] left = lengths.clone();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            if (i > 0) {
                in = leaf(borders.getLast().pass().output(), training);
            }
            Stage.Pass pass = stage.forward(
                    in, left.clone(), before == null ? null : before.stages().get(i), training);
            int expected = stage.outputFrames(Math.toIntExact(in.size(1)));
            if (pass.output().dim() != 3
                    || pass.output().size(0) != lengths.length
                    || pass.output().size(1) != expected) {
                throw new IllegalStateException(name(stages, i) + " must give (" + lengths.length + ", " + expected
                        + ", width), it gave " + Arrays.toString(Tensors.shape(pass.output())));
            }
            borders.add(new Border(in, pass));
            left = Arrays.stream(left).map(stage::outputFrames).toArray();
        }
        return new Encoded(stages, borders, left, training);
    }

    private static String name(List<Stage> stages, int i) {
        return "stage " + i + " of the encoder (" + stages.get(i).getClass().getSimpleName() + ")";
    }

    /** The same memory, without what autograd knows of it. */
    private static Tensor leaf(Tensor tensor, boolean gradient) {
        Tensor leaf = tensor.detach();
        leaf.set_requires_grad(gradient);
        return leaf;
    }

    /**
     * What came out.
     *
     * @return (B, T', H), contiguous; in training a leaf that requires a gradient
     */
    public Tensor output() {
        return output;
    }

    /**
     * The lengths behind the encoder.
     *
     * @return B numbers of frames that count
     */
    public int[] lengths() {
        return lengths.clone();
    }

    /**
     * What the next chunk needs.
     *
     * @return the state
     */
    public EncoderState state() {
        return state;
    }

    /**
     * Leads the gradient that a loss left at the output through the stages.
     *
     * @throws IllegalStateException if no loss left one, it wasn't encoded for training, or the way back was gone before
     */
    public void backward() {
        requireWayBack();
        Tensor gradient = output.grad();
        if (!gradient.defined()) {
            throw new IllegalStateException(
                    "no gradient has reached the encoder's output: call the loss's backward() first");
        }
        backward(gradient);
    }

    /**
     * Leads a gradient through the stages, the last one first; each adds to the gradients of its weights.
     *
     * @param gradient (B, T', H) of the loss with respect to the output
     * @return (B, T, bins) of the loss with respect to the features; null where they don't require one
     * @throws IllegalArgumentException if the gradient has another shape
     * @throws IllegalStateException if it wasn't encoded for training, or the way back was gone before
     */
    public @Nullable Tensor backward(Tensor gradient) {
        requireWayBack();
        if (!sameShape(gradient, output)) {
            throw new IllegalArgumentException("the gradient must have the output's shape "
                    + Arrays.toString(Tensors.shape(output)) + ", it has " + Arrays.toString(Tensors.shape(gradient)));
        }
        wentBack = true;
        @Nullable Tensor left = gradient;
        for (int i = borders.size() - 1; i >= 0 && left != null; i--) {
            Border border = borders.get(i);
            left = border.pass().backward(left);
            if (border.x().requires_grad() && (left == null || !left.defined() || !sameShape(left, border.x()))) {
                throw new IllegalStateException(name(stages, i) + " must give a gradient of shape "
                        + Arrays.toString(Tensors.shape(border.x())) + ", it gave "
                        + (left == null || !left.defined() ? "none" : Arrays.toString(Tensors.shape(left))));
            }
        }
        return left;
    }

    private void requireWayBack() {
        if (!training) {
            throw new IllegalStateException("there is no way back: this wasn't encoded for training");
        }
        if (wentBack) {
            throw new IllegalStateException("the way back was gone before; encode once more");
        }
    }

    private static boolean sameShape(Tensor a, Tensor b) {
        return Arrays.equals(Tensors.shape(a), Tensors.shape(b));
    }
}
