package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.CtcUtterance;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.PaddedBatch;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.SimpleResult;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.loss.method.Schedule;

/**
 * Inputs and gradients that only the kernels can read and write: they lie in memory of a thread that stands for a device, and whoever else
 * touches them gets an exception. What comes out must be what the kernels give on ordinary memory, to the bit.
 */
class DeviceMemoryTest {
    private static final int[][] LENGTHS = {{9, 4}, {14, 0}, {6, 5}, {11, 3}};

    private final Device device = new Device();

    @AfterEach
    void off() {
        device.close();
    }

    /** The problem with its matrices on the device. */
    private Cases.Problem moved(Cases.Problem problem) {
        JointNetwork joint = problem.joint();
        return new Cases.Problem(
                new JointNetwork(joint.activation(), moved(joint.weight()), moved(joint.bias())),
                problem.batch().stream()
                        .map(u -> new Utterance(u.name(), moved(u.encoder()), moved(u.predictor()), u.labels()))
                        .toList(),
                problem.blank());
    }

    private Parameter moved(Parameter parameter) {
        return new Parameter(moved(parameter.value()), moved(parameter.gradient()));
    }

    private Matrix moved(Matrix matrix) {
        return new Matrix(device.moved(matrix.extent()), matrix.rows(), matrix.columns(), matrix.format());
    }

    /** Gradients copied from the device, in the order of {@link Cases.Problem#gradients}. */
    private float[][] gradients(Cases.Problem problem) {
        return device.on(problem::gradients);
    }

    private static Cases.Problem problem() {
        return Cases.random(3, Activation.TANH, 0, 12, 7, LENGTHS);
    }

    private TransducerLoss loss(LossOptions options) {
        return new TransducerLoss(options, device.kernels(options));
    }

    @Test
    void nobodyElseCanTouchIt() {
        Matrix matrix = moved(Matrix.of(2, 1, 2, 3, 4));
        assertThrows(WrongThreadException.class, () -> matrix.get(0, 0));
        assertThrows(WrongThreadException.class, matrix::clear);
        assertEquals(4, device.on(() -> matrix.get(1, 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batched", "split:3", "packed", "sample-wise", "tiled"})
    void lossesAndGradientsOfAJointNetwork(String schedule) {
        for (long budget : new long[] {10_000, 64 << 20}) {
            for (double floor : new double[] {0, 1e-3}) {
                Cases.Problem here = problem();
                Cases.Problem there = moved(problem());
                LossOptions options = here.options("reference", 1)
                        .withSchedule(Schedule.parse(schedule))
                        .withOccupancyFloor(floor)
                        .withMemoryBudget(new MemoryBudget(budget));
                if (budget == 10_000 && !schedule.matches("tiled|sample-wise")) {
                    continue; // refused
                }
                LossResult expected;
                try (TransducerLoss loss = TransducerLoss.open(options)) {
                    expected = loss.compute(here.joint(), here.batch());
                }
                long calls = device.calls();
                try (TransducerLoss loss = loss(options)) {
                    LossResult actual = loss.compute(there.joint(), there.batch());
                    assertArrayEquals(expected.losses(), actual.losses(), 0);
                    assertEquals(expected.peakScratchBytes(), actual.peakScratchBytes());
                    assertEquals(expected.nodesAgain(), actual.nodesAgain());
                }
                assertTrue(device.calls() > calls);
                assertSame(here.gradients(), gradients(there));
            }
        }
    }

    @Test
    void gradientsInThePlaceOfOutputsAndInPaddedBatches() {
        Matrix encoder = Matrix.of(5, Cases.gaussian(new Random(1), 3 * 8 * 5, 1)); // (B, T, H)
        Matrix predictor = Matrix.of(5, Cases.gaussian(new Random(2), 3 * 4 * 5, 1)); // (B, U+1, H)
        Matrix movedEncoder = moved(encoder);
        Matrix movedPredictor = moved(predictor);
        JointNetwork joint = Cases.random(4, Activation.RELU, 0, 9, 5).joint();
        JointNetwork movedJoint = new JointNetwork(joint.activation(), moved(joint.weight()), moved(joint.bias()));
        LossOptions options = LossOptions.defaults().withProvider("reference").withThreads(1);
        try (TransducerLoss ours = TransducerLoss.open(options);
                TransducerLoss theirs = loss(options)) {
            double[] expected = ours.compute(joint, inPlace(encoder, predictor)).losses();
            double[] actual = theirs.compute(movedJoint, inPlace(movedEncoder, movedPredictor))
                    .losses();
            assertArrayEquals(expected, actual, 0);
        }
        assertSame(new float[][] {Cases.floats(encoder), Cases.floats(predictor)}, device.on(() ->
                new float[][] {Cases.floats(movedEncoder), Cases.floats(movedPredictor)}));
    }

    private static PaddedBatch inPlace(Matrix encoder, Matrix predictor) {
        int[] frames = {8, 5, 2};
        int[][] labels = {{1, 2, 3}, {4}, {}};
        return PaddedBatch.of(encoder.data(), predictor.data(), 8, 3, 5, frames, labels)
                .withGradientsInPlace();
    }

    @Test
    void pathsPosteriorsAndPlans() {
        Cases.Problem here = problem();
        Cases.Problem there = moved(problem());
        LossOptions options = here.options("reference", 1);
        List<Band> bands = here.batch().stream()
                .map(u -> Band.full(u.frames(), u.labelCount()))
                .toList();
        try (TransducerLoss ours = TransducerLoss.open(options);
                TransducerLoss theirs = loss(options)) {
            assertEquals(
                    ours.plan(here.joint(), here.batch(), bands), theirs.plan(there.joint(), there.batch(), bands));
            for (int b = 0; b < LENGTHS.length; b++) {
                assertArrayEquals(
                        ours.align(here.joint(), here.batch()).get(b).frames(),
                        theirs.align(there.joint(), there.batch()).get(b).frames());
                assertEquals(
                        ours.posteriors(here.joint(), here.batch()).get(b).blank(0, 0),
                        theirs.posteriors(there.joint(), there.batch()).get(b).blank(0, 0));
            }
        }
    }

    @Test
    void aLossThatIsNotFiniteIsSkipped() {
        Cases.Problem here = problem();
        here.batch().get(1).encoder().value().set(0, 0, Float.NaN);
        Cases.Problem there = moved(here);
        LossOptions options = here.options("reference", 1).withNonFinite(NonFinite.SKIP);
        try (TransducerLoss ours = TransducerLoss.open(options);
                TransducerLoss theirs = loss(options)) {
            LossResult expected = ours.compute(here.joint(), here.batch());
            assertEquals(List.of(1), expected.skipped());
            assertArrayEquals(
                    expected.losses(),
                    theirs.compute(there.joint(), there.batch()).losses(),
                    0);
        }
        assertSame(here.gradients(), gradients(there));
    }

    @Test
    void readyMadeLogits() {
        int[] frames = {4, 3};
        int[][] labels = {{1, 2}, {3}};
        float[] logits = Cases.gaussian(new Random(5), 2 * 4 * 3 * 6, 1);
        LossOptions large = LossOptions.defaults().withProvider("reference").withThreads(1);
        long all;
        try (LogitsLoss loss = LogitsLoss.open(large)) {
            LogitsBatch batch = LogitsBatch.padded(MemorySegment.ofArray(logits), 4, 2, 6, frames, labels);
            all = loss.plan(batch, List.of(Band.full(4, 2), Band.full(3, 1)))
                    .scratch()
                    .bytes();
        }
        for (long budget : new long[] {all, all - 1}) { // at once, and in groups
            LossOptions options = large.withMemoryBudget(new MemoryBudget(budget));
            float[] gradient = new float[logits.length];
            MemorySegment moved = device.moved(MemorySegment.ofArray(logits));
            try (LogitsLoss ours = LogitsLoss.open(options);
                    LogitsLoss theirs = new LogitsLoss(options, device.kernels(options))) {
                LossResult expected =
                        ours.compute(LogitsBatch.padded(MemorySegment.ofArray(logits), 4, 2, 6, frames, labels)
                                .withGradient(MemorySegment.ofArray(gradient)));
                LossResult actual = theirs.compute(
                        LogitsBatch.padded(moved, 4, 2, 6, frames, labels).withGradientInPlace());
                assertArrayEquals(expected.losses(), actual.losses(), 0);
                assertEquals(budget < all, actual.nodesAgain() > 0);
            }
            assertSame(new float[][] {gradient}, device.on(() ->
                    new float[][] {Cases.floats(new Matrix(moved, 1, logits.length))}));
        }
    }

    @Test
    void ctcAndTheSimpleJoiner() {
        Cases.Problem problem = Cases.random(6, Activation.TANH, 0, 2, 8, LENGTHS); // am and lm of 8 symbols
        LossOptions options =
                LossOptions.defaults().withProvider("reference").withThreads(1).withNonFinite(NonFinite.SKIP);
        List<CtcUtterance> here = new ArrayList<>();
        List<CtcUtterance> there = new ArrayList<>();
        List<Utterance> simpleHere = new ArrayList<>();
        List<Utterance> simpleThere = new ArrayList<>();
        for (Utterance u : problem.batch()) {
            int[] labels = Cases.labels(new Random(u.frames()), u.labelCount(), 8, 0);
            here.add(new CtcUtterance(u.name(), copied(u.encoder()), labels));
            there.add(new CtcUtterance(u.name(), moved(u.encoder()), labels));
            simpleHere.add(new Utterance(u.name(), copied(u.encoder()), copied(u.predictor()), labels));
            simpleThere.add(new Utterance(u.name(), moved(u.encoder()), moved(u.predictor()), labels));
        }
        try (CtcLoss ours = CtcLoss.open(options);
                CtcLoss theirs = new CtcLoss(options, device.kernels(options))) {
            assertArrayEquals(ours.compute(here).losses(), theirs.compute(there).losses(), 0);
        }
        try (SimpleLoss ours = SimpleLoss.open(options, SimpleJoiner.SMOOTHED, Pruning.of(3));
                SimpleLoss theirs =
                        new SimpleLoss(options, SimpleJoiner.SMOOTHED, Pruning.of(3), device.kernels(options))) {
            SimpleResult expected = ours.compute(simpleHere);
            SimpleResult actual = theirs.compute(simpleThere);
            assertArrayEquals(expected.loss().losses(), actual.loss().losses(), 0);
            for (int b = 0; b < LENGTHS.length; b++) {
                for (int t = 0; t < LENGTHS[b][0]; t++) {
                    assertEquals(
                            expected.bands().get(b).begin(t),
                            actual.bands().get(b).begin(t));
                    assertEquals(
                            expected.bands().get(b).end(t),
                            actual.bands().get(b).end(t));
                }
            }
        }
        for (int b = 0; b < LENGTHS.length; b++) {
            int i = b;
            assertSame(
                    new float[][] {
                        Cases.floats(here.get(i).logits().gradient()),
                        Cases.floats(simpleHere.get(i).encoder().gradient()),
                        Cases.floats(simpleHere.get(i).predictor().gradient())
                    },
                    device.on(() -> new float[][] {
                        Cases.floats(there.get(i).logits().gradient()),
                        Cases.floats(simpleThere.get(i).encoder().gradient()),
                        Cases.floats(simpleThere.get(i).predictor().gradient())
                    }));
        }
    }

    private static Parameter copied(Parameter parameter) {
        Matrix gradient = parameter.gradient();
        return new Parameter(
                parameter.value(),
                Matrix.of(gradient.columns(), new float[(int) (gradient.rows() * gradient.columns())]));
    }

    private static void assertSame(float[][] expected, float[][] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i], 0, "gradient " + i);
        }
    }
}
