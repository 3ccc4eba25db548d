package org.transducer4j.asr.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Linear;
import org.transducer4j.toy.ToyEncoder;

/** Stages with borders between them: those of autograd, those computed once more, and those with a way back of their own. */
class EncodedTest {
    private static final int BINS = 5;
    private static final int WIDTH = 6;

    private static float[] noise(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return values;
    }

    private static double loss(Encoder encoder, float[] x, float[] direction) {
        try (NoGradGuard _ = new NoGradGuard()) {
            float[] y = Tensors.toArray(Encoded.of(encoder, Tensors.of(x, 2, 9, BINS), new int[] {9, 7}, null, false)
                    .output());
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += (double) y[i] * direction[i];
            }
            return sum;
        }
    }

    /** Gradients of features and weights are the slopes of the loss. */
    @Test
    void aWayBackOfItsOwnGivesTheSlopes() {
        try (PointerScope _ = new PointerScope();
                ParameterSet parameters = new ParameterSet(1)) {
            Encoder encoder = new ToyEncoder(3, 7, 0).build(parameters, "e", BINS, WIDTH);
            parameters.seal();
            assertEquals(3, encoder.framesPerOutput());
            float[] x = noise(2 * 9 * BINS, 2);
            float[] direction = noise(2 * 3 * WIDTH, 3);
            Tensor features = Tensors.of(x, 2, 9, BINS);
            features.set_requires_grad(true);
            Encoded encoded = Encoded.of(encoder, features, new int[] {9, 7}, null, true);
            assertArrayEquals(new int[] {3, 3}, encoded.lengths());
            Tensor dx = encoded.backward(Tensors.of(direction, 2, 3, WIDTH));
            assertNotNull(dx);
            float[] dxs = Tensors.toArray(dx);
            float[] dw = Tensors.toArray(parameters.gradients());
            float[] along = noise(x.length, 4);
            float step = 1e-2f;
            assertSlope(
                    dot(dxs, along),
                    loss(encoder, moved(x, along, step), direction),
                    loss(encoder, moved(x, along, -step), direction),
                    step);
            float[] alongWeights = noise(dw.length, 5);
            Tensor move = Tensors.of(alongWeights, alongWeights.length).mul(Tensors.of(new float[] {step}, 1));
            parameters.values().add_(move);
            double above = loss(encoder, x, direction);
            parameters.values().sub_(move).sub_(move);
            assertSlope(dot(dw, alongWeights), above, loss(encoder, x, direction), step);
        }
    }

    private static void assertSlope(double expected, double above, double below, double step) {
        assertEquals(expected, (above - below) / (2 * step), 1e-2 * Math.abs(expected));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static float[] moved(float[] x, float[] along, float step) {
        float[] moved = x.clone();
        for (int i = 0; i < x.length; i++) {
            moved[i] += step * along[i];
        }
        return moved;
    }

    /** A layer with dropout. */
    private static final class Dropping extends AutogradStage {
        private final Linear linear;

        Dropping(Linear linear) {
            this.linear = linear;
        }

        @Override
        protected Result compute(Tensor x, int[] lengths, @Nullable State before, boolean training) {
            return new Result(torch.dropout(linear.forward(x).tanh(), 0.5, training), State.NONE);
        }
    }

    /** What comes out, the gradients, and the next number of the generator. */
    private static List<float[]> ran(boolean twice) {
        try (PointerScope _ = new PointerScope();
                ParameterSet parameters = new ParameterSet(6)) {
            Stage stage = new Dropping(new Linear(parameters, "l", BINS, WIDTH));
            Encoder encoder = twice ? () -> List.of(new RecomputedStage(stage)) : () -> List.of(stage);
            parameters.seal();
            torch.manual_seed(7);
            Tensor features = Tensors.of(noise(4 * BINS, 8), 1, 4, BINS);
            features.set_requires_grad(true);
            Encoded encoded = Encoded.of(encoder, features, new int[] {4}, null, true);
            float[] out = Tensors.toArray(encoded.output());
            Tensor dx = encoded.backward(Tensors.of(noise(4 * WIDTH, 9), 1, 4, WIDTH));
            assertNotNull(dx);
            return List.of(
                    out,
                    Tensors.toArray(dx),
                    Tensors.toArray(parameters.gradients()),
                    Tensors.toArray(torch.rand(new long[] {3})));
        }
    }

    @Test
    void computedOnceMoreGivesTheSameBitsAndLeavesTheGeneratorAlone() {
        List<float[]> once = ran(false);
        List<float[]> twice = ran(true);
        for (int i = 0; i < once.size(); i++) {
            assertArrayEquals(once.get(i), twice.get(i));
        }
        float[] out = once.getFirst();
        int dropped = 0;
        for (float value : out) {
            dropped += value == 0 ? 1 : 0;
        }
        assertTrue(dropped > 0 && dropped < out.length, "dropout acts");
    }

    /** A stage that says what the test wants it to. */
    private record Said(int frames, @Nullable Tensor gradient) implements Stage {
        @Override
        public Pass forward(Tensor x, int[] lengths, @Nullable State before, boolean training) {
            Tensor output = Tensors.of(new float[frames * 2], 1, frames, 2);
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
                public @Nullable Tensor backward(Tensor unused) {
                    return gradient;
                }
            };
        }
    }

    private static Encoded encoded(boolean training, Stage... stages) {
        return Encoded.of(() -> List.of(stages), Tensors.of(new float[8], 1, 4, 2), new int[] {4}, null, training);
    }

    @Test
    void stagesThatBreakTheirWordAreNamed() {
        try (PointerScope _ = new PointerScope()) {
            String frames = assertThrows(
                            IllegalStateException.class, () -> encoded(false, new Said(4, null), new Said(3, null)))
                    .getMessage();
            assertTrue(
                    frames.contains("stage 1") && frames.contains("(1, 4, width)") && frames.contains("[1, 3, 2]"),
                    frames);
            Tensor gradient = Tensors.of(new float[8], 1, 4, 2);
            Encoded none = encoded(true, new Said(4, null), new Said(4, null));
            String missing = assertThrows(IllegalStateException.class, () -> none.backward(gradient))
                    .getMessage();
            assertTrue(missing.contains("stage 1") && missing.contains("none"), missing);
            Encoded wrong = encoded(true, new Said(4, null), new Said(4, Tensors.of(new float[4], 1, 2, 2)));
            String shape = assertThrows(IllegalStateException.class, () -> wrong.backward(gradient))
                    .getMessage();
            assertTrue(shape.contains("[1, 4, 2]") && shape.contains("[1, 2, 2]"), shape);
        }
    }

    @Test
    void theWayBackIsGoneOnceAndOnlyInTraining() {
        try (PointerScope _ = new PointerScope()) {
            Tensor gradient = Tensors.of(new float[8], 1, 4, 2);
            assertThrows(
                    IllegalStateException.class,
                    () -> encoded(false, new Said(4, null)).backward(gradient));
            Encoded once = encoded(true, new Said(4, null));
            assertThrows(IllegalStateException.class, once::backward, "no loss left a gradient");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> once.backward(Tensors.of(new float[4], 1, 2, 2)),
                    "the shape is wrong");
            once.backward(gradient);
            assertThrows(IllegalStateException.class, () -> once.backward(gradient));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5})
    void lengthsMustFit(int length) {
        try (PointerScope _ = new PointerScope()) {
            Encoder encoder = () -> List.of(new Said(4, null));
            Tensor x = Tensors.of(new float[8], 1, 4, 2);
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> Encoded.of(encoder, x, new int[] {length}, null, false))
                    .getMessage();
            assertTrue(message.contains(length + " frames") && message.contains("4"), message);
        }
    }

    /** An encoder that doesn't say that it streams is never led from chunk to chunk. */
    @Test
    void chunksAreForEncodersThatStream() {
        try (PointerScope _ = new PointerScope()) {
            Encoder encoder = () -> List.of(new Said(4, null));
            assertFalse(encoder.streams());
            Tensor x = Tensors.of(new float[8], 1, 4, 2);
            EncoderState state =
                    Encoded.of(encoder, x, new int[] {4}, null, false).state();
            assertThrows(IllegalArgumentException.class, () -> Encoded.of(encoder, x, new int[] {4}, state, false));
        }
    }
}
