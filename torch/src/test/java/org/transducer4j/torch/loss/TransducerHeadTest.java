package org.transducer4j.torch.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.loss.oracle.BatchedOracle;

class TransducerHeadTest {
    private static final int[] FRAMES = {7, 1, 12, 4};
    private static final int[] LABELS = {3, 0, 5, 6};

    @ParameterizedTest
    @CsvSource({
        "SUM, TANH, 0, 1.0",
        "MEAN, TANH, 0, 1.0",
        "SUM, RELU, 3, 0.25",
        "MEAN, RELU, 8, -2.0",
        "SUM, TANH, 8, 1.0",
        "SUM, SIGMOID, 2, 1.0"
    })
    void gradientsAndLossAreThoseOfTheOracle(Reduction reduction, Activation activation, int blank, double upstream) {
        HeadInput input = Batches.random(blank + 1, FRAMES, LABELS, 19, 9, activation, blank);
        List<Tensor> leaves = List.of(input.encoder(), input.predictor(), input.weight(), input.bias());
        Tensor expected = BatchedOracle.loss(input, blank, reduction, ScalarType.Double);
        // Another loss beside it, as a user would add one.
        expected.add(input.encoder().square().sum()).mul(new Scalar(upstream)).backward();
        float[][] gradients = new float[4][];
        for (int i = 0; i < 4; i++) {
            gradients[i] = Tensors.toArray(leaves.get(i).grad());
            leaves.get(i).mutable_grad().zero_();
        }
        try (TransducerHead head = new TransducerHead(LossOptions.defaults().withBlank(blank))) {
            HeadLoss loss = head.loss(input, reduction);
            assertEquals(expected.item_double(), loss.value().item_double(), 1e-5 * Math.abs(expected.item_double()));
            double sum = loss.result().sum();
            assertEquals(
                    (float) (reduction == Reduction.SUM ? sum : sum / FRAMES.length),
                    loss.value().item_float());
            loss.value()
                    .add(input.encoder().square().sum())
                    .mul(new Scalar(upstream))
                    .backward();
        }
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(gradients[i], Tensors.toArray(leaves.get(i).grad()), 2e-5f, "gradient " + i);
        }
    }

    @Test
    void paddingOfGradientsIsZero() {
        HeadInput input = Batches.random(5, FRAMES, LABELS, 8, 5, Activation.TANH, 0);
        try (TransducerHead head = new TransducerHead(LossOptions.defaults())) {
            head.loss(input, Reduction.SUM).value().backward();
        }
        float[] gradient = Tensors.toArray(input.encoder().grad());
        int tMax = (int) input.encoder().size(1);
        for (int b = 0; b < FRAMES.length; b++) {
            for (int t = 0; t < tMax; t++) {
                double norm = 0;
                for (int h = 0; h < 8; h++) {
                    norm += Math.abs(gradient[(b * tMax + t) * 8 + h]);
                }
                assertEquals(t < FRAMES[b], norm > 0, "utterance " + b + ", frame " + t);
            }
        }
    }

    @Test
    void withoutAutogradThereIsNoGradient() {
        HeadInput input = Batches.random(5, FRAMES, LABELS, 8, 5, Activation.TANH, 0);
        try (TransducerHead head = new TransducerHead(LossOptions.defaults());
                NoGradGuard _ = new NoGradGuard()) {
            HeadLoss loss = head.loss(input, Reduction.SUM);
            assertFalse(loss.value().requires_grad());
            assertTrue(Double.isFinite(loss.value().item_double()));
        }
    }

    @Test
    void anUtteranceThatIsNotFiniteIsSkippedAndTheRestCounts() {
        HeadInput good = Batches.random(6, FRAMES, LABELS, 8, 5, Activation.TANH, 0);
        float[] values = Tensors.toArray(good.encoder().detach());
        int tMax = (int) good.encoder().size(1);
        values[2 * tMax * 8 + 3] = Float.NaN;
        Tensor encoder = Tensors.of(values, 4, tMax, 8);
        encoder.set_requires_grad(true);
        HeadInput bad = new HeadInput(
                encoder,
                good.predictor(),
                good.weight(),
                good.bias(),
                good.activation(),
                good.frames(),
                good.labels(),
                good.names());
        try (TransducerHead head = new TransducerHead(LossOptions.defaults().withNonFinite(NonFinite.SKIP))) {
            HeadLoss all = head.loss(good, Reduction.SUM);
            HeadLoss some = head.loss(bad, Reduction.MEAN);
            assertEquals(List.of(2), some.result().skipped());
            assertEquals(
                    (all.result().sum() - all.result().losses()[2]) / 3,
                    some.value().item_double(),
                    1e-5);
            some.value().backward();
            for (float g : Tensors.toArray(encoder.grad())) {
                assertTrue(Float.isFinite(g));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"encoder, true", "predictor, true", "weight, true", "bias, true", "encoder, false", "bias, false"})
    void tensorsThatAreClosedOrUndefinedAreRefusedByName(String part, boolean closed) {
        HeadInput good = Batches.random(5, FRAMES, LABELS, 8, 5, Activation.TANH, 0);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> with(good, part, closed ? closed() : new Tensor()));
        assertTrue(e.getMessage().startsWith(part + (closed ? " is a closed" : " is an undefined")), e.getMessage());
    }

    @Test
    void aTensorThatIsClosedMeanwhileIsRefusedByName() {
        HeadInput input;
        try (PointerScope _ = new PointerScope()) {
            input = Batches.random(5, FRAMES, LABELS, 8, 5, Activation.TANH, 0);
        }
        HeadInput after = input;
        try (TransducerHead head = new TransducerHead(LossOptions.defaults());
                CtcHead ctc = new CtcHead(LossOptions.defaults())) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> head.loss(after, Reduction.SUM));
            assertTrue(e.getMessage().startsWith("encoder is a closed tensor"), e.getMessage());
            e = assertThrows(
                    IllegalArgumentException.class,
                    () -> ctc.loss(after.encoder(), FRAMES, after.labels(), after.names(), Reduction.SUM));
            assertTrue(e.getMessage().startsWith("logits is a closed tensor"), e.getMessage());
        }
    }

    private static HeadInput with(HeadInput input, String part, Tensor tensor) {
        return new HeadInput(
                part.equals("encoder") ? tensor : input.encoder(),
                part.equals("predictor") ? tensor : input.predictor(),
                part.equals("weight") ? tensor : input.weight(),
                part.equals("bias") ? tensor : input.bias(),
                input.activation(),
                input.frames(),
                input.labels(),
                input.names());
    }

    private static Tensor closed() {
        try (PointerScope _ = new PointerScope()) {
            return Tensors.of(new float[2], 2);
        }
    }

    @Test
    void tensorsThatCannotBeReadInPlaceAreRefused() {
        HeadInput input = Batches.random(5, FRAMES, LABELS, 8, 5, Activation.TANH, 0);
        try (TransducerHead head = new TransducerHead(LossOptions.defaults())) {
            HeadInput strided = withEncoder(
                    input, input.encoder().transpose(0, 1).contiguous().transpose(0, 1));
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> head.loss(strided, Reduction.SUM));
            assertTrue(e.getMessage().contains("encoder of shape [4, 13, 8] must be contiguous"), e.getMessage());
            HeadInput wide = withEncoder(input, input.encoder().toType(ScalarType.Double));
            e = assertThrows(IllegalArgumentException.class, () -> head.loss(wide, Reduction.SUM));
            assertTrue(e.getMessage().contains("encoder must be float32, not Double"), e.getMessage());
        }
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> withEncoder(input, input.encoder().narrow(1, 0, 5).contiguous()));
        assertTrue(e.getMessage().contains("utterance-0: 7 frames"), e.getMessage());
    }

    private static HeadInput withEncoder(HeadInput input, Tensor encoder) {
        return new HeadInput(
                encoder,
                input.predictor(),
                input.weight(),
                input.bias(),
                input.activation(),
                input.frames(),
                input.labels(),
                input.names());
    }

    @Test
    void stepsLeaveNoMemoryBehind() throws IOException {
        try (TransducerHead head = new TransducerHead(LossOptions.defaults())) {
            long before = 0;
            for (int step = 0; step < 400; step++) {
                try (PointerScope _ = new PointerScope()) {
                    // 2 MB of tensors a step
                    HeadInput input =
                            Batches.random(step, new int[] {100, 90}, new int[] {3, 2}, 512, 20, Activation.TANH, 0);
                    head.loss(input, Reduction.SUM).value().backward();
                }
                if (step == 100) {
                    before = residentKilobytes();
                }
            }
            long grown = residentKilobytes() - before;
            assertTrue(grown < 200_000, "300 steps with 600 MB of tensors left " + grown + " kB behind");
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
