package org.transducer4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWOptimizerTest {
    private static final AdamWSettings SETTINGS = new AdamWSettings(0.9, 0.98, 1e-8, 0.1, 1, 0.5);

    /** A convex loss with gradients of different sizes. */
    private static void backward(Tensor weight, Tensor bias) {
        torch.cat(new TensorVector(weight.view(-1).mul(new Scalar(3)), bias))
                .square()
                .sum()
                .backward();
    }

    private static SequencedMap<String, Tensor> map(Object... namesAndTensors) {
        SequencedMap<String, Tensor> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            map.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
        }
        return map;
    }

    private static Tensor leaf(Tensor values) {
        return values.detach().clone().set_requires_grad(true);
    }

    /** The steps on flat buffers as they were written in the first version: checkpoints of then go on to the bit. */
    @Test
    void aSetIsTrainedToTheBitAsItsCheckpointsExpect() {
        try (ParameterSet parameters = new ParameterSet(3)) {
            Tensor weight = parameters.weight("w", 1, 5, 7);
            Tensor bias = parameters.constant("b", 2, 7);
            parameters.seal();
            Tensor values = parameters.values().clone();
            Tensor first = torch.zeros(42);
            Tensor second = torch.zeros(42);
            Tensor average = values.clone();
            try (AdamWOptimizer optimizer = new AdamWOptimizer(parameters, SETTINGS)) {
                for (int step = 1; step <= 4; step++) {
                    optimizer.zeroGradients();
                    backward(weight, bias);
                    Tensor g = parameters.gradients().clone();
                    double norm = optimizer.step(0.01);
                    assertEquals(torch.linalg_vector_norm(g).item_double(), norm);
                    try (NoGradGuard _ = new NoGradGuard()) {
                        if (norm > 1) {
                            g.mul_(new Scalar(1 / norm));
                        }
                        first.lerp_(g, new Scalar(1 - 0.9));
                        second.mul_(new Scalar(0.98)).addcmul_(g, g, new Scalar(1 - 0.98));
                        Tensor denominator = second.sqrt()
                                .div_(new Scalar(Math.sqrt(1 - Math.pow(0.98, step))))
                                .add_(new Scalar(1e-8));
                        values.narrow(0, 0, 35).mul_(new Scalar(1 - 0.01 * 0.1));
                        values.addcdiv_(first, denominator, new Scalar(-0.01 / (1 - Math.pow(0.9, step))));
                        average.lerp_(values, new Scalar(1 - Math.min(0.5, (1.0 + step) / (10.0 + step))));
                    }
                }
                assertArrayEquals(Tensors.toArray(values), Tensors.toArray(parameters.values()), 0);
                assertArrayEquals(Tensors.toArray(first), Tensors.toArray(optimizer.firstMoment()), 0);
                assertArrayEquals(Tensors.toArray(second), Tensors.toArray(optimizer.secondMoment()), 0);
                assertArrayEquals(Tensors.toArray(average), Tensors.toArray(optimizer.average()), 0);
            }
        }
    }

    @Test
    void tensorsByNameAreTrainedLikeASet() {
        try (ParameterSet parameters = new ParameterSet(3)) {
            Tensor weight = parameters.weight("w", 1, 5, 7);
            Tensor bias = parameters.constant("b", 2, 7);
            parameters.seal();
            Tensor w = leaf(weight);
            Tensor b = leaf(bias);
            Tensor idle = leaf(torch.ones(2, 2));
            try (AdamWOptimizer expected = new AdamWOptimizer(parameters, SETTINGS);
                    AdamWOptimizer optimizer = new AdamWOptimizer(map("w", w, "b", b, "idle", idle), SETTINGS)) {
                for (int step = 0; step < 4; step++) {
                    expected.zeroGradients();
                    optimizer.zeroGradients();
                    backward(weight, bias);
                    backward(w, b);
                    assertEquals(expected.step(0.01), optimizer.step(0.01), 1e-5);
                }
                assertArrayEquals(Tensors.toArray(weight), Tensors.toArray(w), 1e-6f);
                assertArrayEquals(Tensors.toArray(bias), Tensors.toArray(b), 1e-6f);
                assertArrayEquals(new float[] {1, 1, 1, 1}, Tensors.toArray(idle), 0);
                assertEquals(46, optimizer.average().numel());
                float[] average = Tensors.toArray(optimizer.average().narrow(0, 35, 7));
                optimizer.swapAverage();
                assertArrayEquals(average, Tensors.toArray(b), 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "closed: x is a closed tensor",
                "undefined: x is an undefined tensor",
                "double: x must be float32, not Double",
                "strided: x of shape [3, 2] must be contiguous",
                "result: x isn't a leaf but the result of an operation",
                "constant: x doesn't require its gradient: call set_requires_grad(true) on it",
            })
    void tensorsThatCannotBeTrainedAreRefusedByName(String given) {
        Tensor tensor = switch (given.substring(0, given.indexOf(':'))) {
            case "closed" -> closed();
            case "undefined" -> new Tensor();
            case "double" -> torch.ones(2).toType(ScalarType.Double).set_requires_grad(true);
            case "strided" -> torch.ones(2, 3).t().set_requires_grad(true);
            case "result" -> leaf(torch.ones(2)).add(new Scalar(1));
            default -> torch.ones(2);
        };
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new AdamWOptimizer(map("y", leaf(torch.ones(2)), "x", tensor), SETTINGS));
        assertEquals(
                given.substring(given.indexOf(": ") + 2),
                e.getMessage()
                        .substring(0, Math.min(e.getMessage().length(), given.length() - given.indexOf(": ") - 2)));
    }

    private static Tensor closed() {
        Torch.load();
        try (PointerScope _ = new PointerScope()) {
            return torch.ones(2);
        }
    }

    @Test
    void noTensorAndTheSameTensorTwiceAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new AdamWOptimizer(map(), SETTINGS));
        Tensor tensor = leaf(torch.ones(2));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new AdamWOptimizer(map("a", tensor, "b", tensor), SETTINGS));
        assertEquals("b has the same memory as a: leave one of them out", e.getMessage());
    }

    @Test
    void aSetThatIsNotSealedOrClosedIsRefused() {
        ParameterSet parameters = new ParameterSet(1);
        parameters.weight("w", 1, 2);
        assertRefused(
                "the parameter set isn't sealed: call seal() after its last layer was made",
                () -> new AdamWOptimizer(parameters, SETTINGS));
        parameters.seal();
        AdamWOptimizer optimizer = new AdamWOptimizer(parameters, SETTINGS);
        parameters.close();
        parameters.close();
        assertRefused("the parameter set is closed", () -> optimizer.step(1));
        assertRefused("the parameter set is closed", parameters::values);
        optimizer.close();
        assertRefused("the optimiser is closed", () -> optimizer.step(1));
        assertRefused("the optimiser is closed", optimizer::average);
    }

    @Test
    void aTensorThatIsClosedMeanwhileIsNamed() {
        try (AdamWOptimizer optimizer = scoped(_ -> {})) {
            assertRefused(
                    "x is a closed tensor: the PointerScope in which it was made has ended, or it was closed by hand",
                    () -> optimizer.step(1));
            assertEquals(3, optimizer.average().numel(), "the state outlives the scope");
        }
    }

    private static AdamWOptimizer scoped(Consumer<AdamWOptimizer> use) {
        Torch.load();
        try (PointerScope _ = new PointerScope()) {
            AdamWOptimizer optimizer = new AdamWOptimizer(map("x", leaf(torch.ones(3))), SETTINGS);
            use.accept(optimizer);
            return optimizer;
        }
    }

    @Test
    void aSetOutlivesTheScopeInWhichItWasMade() {
        ParameterSet parameters;
        try (PointerScope _ = new PointerScope()) {
            parameters = new ParameterSet(1);
            parameters.constant("c", 2, 3);
            parameters.seal();
        }
        assertArrayEquals(new float[] {2, 2, 2}, Tensors.toArray(parameters.values()));
        Tensor values = parameters.values();
        parameters.close();
        assertTrue(values.isNull(), "its memory is freed at once");
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message, assertThrows(IllegalStateException.class, action::run).getMessage());
    }
}
