package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.LogitsLoss;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.MemoryBudgetException;
import org.transducer4j.loss.method.Schedule;

/**
 * Losses and gradients of stored logits.
 *
 * <p>Schedules belong to joint networks, and logits have none. So for a schedule they get one with a hidden unit for each
 * node: e and p are such that relu(e_t + p_u) is 1 at the unit of (t,u) and 0 elsewhere, and column n of the output weight
 * holds the logits of node n. Its outputs are the logits exactly, and the gradient of the weight is theirs.
 */
final class LogitsCheck {
    /** Most multiplications of such a network, some seconds of plain Java. */
    private static final double MOST = 4e9;

    private LogitsCheck() {}

    /** The options of every check; what can't be held is for the machine to say. */
    static LossOptions options(int blank, String provider, double occupancyFloor) {
        return LossOptions.defaults()
                .withBlank(blank)
                .withProvider(provider)
                .withOccupancyFloor(occupancyFloor)
                .withNonFinite(NonFinite.SKIP)
                .withMemoryBudget(new MemoryBudget(1L << 40));
    }

    /**
     * Computes a batch.
     *
     * @param batch padded logits
     * @param bands which nodes exist
     * @param gradient takes their gradient, in the same layout
     * @return the losses
     */
    static double[] run(
            LossOptions options,
            LogitsBatch batch,
            List<Band> bands,
            @Nullable Schedule schedule,
            MemorySegment gradient) {
        // Whatever isn't written stays NaN and fails.
        gradient.fill((byte) 0xff);
        if (schedule == null) {
            try (LogitsLoss loss = LogitsLoss.open(options)) {
                return loss.compute(batch.withGradient(gradient), bands, Reduction.SUM)
                        .losses();
            }
        }
        try (Arena arena = Arena.ofShared()) {
            return throughNetwork(options, batch, bands, schedule, gradient, arena);
        }
    }

    /** Whether a schedule can be tried in reasonable time. */
    static boolean isSmall(List<Band> bands, int vocabulary) {
        double nodes = bands.stream().mapToLong(Band::nodes).sum();
        return nodes * nodes * vocabulary <= MOST;
    }

    private static double[] throughNetwork(
            LossOptions options,
            LogitsBatch batch,
            List<Band> bands,
            Schedule schedule,
            MemorySegment gradient,
            Arena arena) {
        int vocabulary = batch.vocabulary();
        int nodes = (int) bands.stream().mapToLong(Band::nodes).sum();
        Matrix weight = Matrix.zeros(arena, vocabulary, nodes);
        Matrix weightGradient = Matrix.zeros(arena, vocabulary, nodes);
        List<Utterance> utterances = new ArrayList<>();
        int first = 0;
        for (int b = 0; b < bands.size(); b++) {
            Band band = bands.get(b);
            Matrix encoder = Matrix.zeros(arena, band.frames(), nodes);
            Matrix predictor = Matrix.zeros(arena, band.labels() + 1L, nodes);
            for (int t = 0; t < band.frames(); t++) {
                for (int u = band.begin(t); u < band.end(t); u++) {
                    int n = first + (int) band.node(t, u);
                    set(encoder, t, n, 1);
                    for (int other = 0; other <= band.labels(); other++) {
                        set(predictor, other, n, other == u ? 0 : -1);
                    }
                    for (int v = 0; v < vocabulary; v++) {
                        set(
                                weight,
                                v,
                                n,
                                batch.logits().get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset(batch, b, t, u) + 4L * v));
                    }
                }
            }
            utterances.add(new Utterance(
                    Integer.toString(b), Parameter.constant(encoder), Parameter.constant(predictor), batch.labels(b)));
            first += (int) band.nodes();
        }
        double[] losses = losses(
                options,
                new JointNetwork(
                        Activation.RELU,
                        new Parameter(weight, weightGradient),
                        Parameter.constant(Matrix.zeros(arena, 1, vocabulary))),
                utterances,
                bands,
                schedule);
        gradient.fill((byte) 0);
        first = 0;
        for (int b = 0; b < bands.size(); b++) {
            Band band = bands.get(b);
            for (int t = 0; t < band.frames(); t++) {
                for (int u = band.begin(t); u < band.end(t); u++) {
                    for (int v = 0; v < vocabulary; v++) {
                        gradient.set(
                                ValueLayout.JAVA_FLOAT_UNALIGNED,
                                offset(batch, b, t, u) + 4L * v,
                                weightGradient.get(v, first + (int) band.node(t, u)));
                    }
                }
            }
            first += (int) band.nodes();
        }
        return losses;
    }

    /** Losses under a schedule; tiled within the smallest budget that will do, as one tile for all would prove nothing. */
    static double[] losses(
            LossOptions options, JointNetwork joint, List<Utterance> batch, List<Band> bands, Schedule schedule) {
        LossOptions scheduled = options.withSchedule(schedule);
        if (schedule instanceof Schedule.Tiled) {
            try (TransducerLoss loss = TransducerLoss.open(scheduled.withMemoryBudget(new MemoryBudget(1)))) {
                return loss.compute(joint, batch, bands, Reduction.SUM).losses();
            } catch (MemoryBudgetException e) {
                scheduled = scheduled.withMemoryBudget(new MemoryBudget(e.neededBytes()));
            }
        }
        try (TransducerLoss loss = TransducerLoss.open(scheduled)) {
            return loss.compute(joint, batch, bands, Reduction.SUM).losses();
        }
    }

    private static long offset(LogitsBatch batch, int b, int t, int u) {
        return (((long) b * batch.maxFrames() + t) * (batch.maxLabels() + 1L) + u) * batch.vocabulary() * Float.BYTES;
    }

    private static void set(Matrix matrix, long row, int column, float value) {
        matrix.data().set(ValueLayout.JAVA_FLOAT_UNALIGNED, (row * matrix.columns() + column) * Float.BYTES, value);
    }
}
