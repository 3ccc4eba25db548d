package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.Schedule;

/**
 * A padded batch of encoder and predictor outputs and a joint network, with losses and all gradients.
 *
 * @param head its sizes
 * @param width H
 * @param activation f
 * @param encoder enc (B, Tmax, H), and its gradient
 * @param predictor pred (B, Umax+1, H)
 * @param weight (V, H)
 * @param bias (V)
 * @param frameLengths T of each utterance
 * @param targets the U labels of each utterance
 * @param losses -log P of each utterance, natural log
 */
record JointCase(
        Head head,
        int width,
        Activation activation,
        Input encoder,
        Input predictor,
        Input weight,
        Input bias,
        int[] frameLengths,
        int[][] targets,
        double[] losses)
        implements StoredCase {
    /**
     * An input with its gradient.
     *
     * @param value float32, native byte order
     * @param gradient of the sum of losses; zero in padding
     */
    record Input(MemorySegment value, RawArray gradient) {
        static Input read(CaseFile json, Arena arena, String name, long... shape) {
            return new Input(
                    json.array(arena, name, List.of(RawArray.Type.FLOAT32), shape)
                            .nativeFloats(arena),
                    json.array(arena, "grad_" + name, RawArray.FLOATS, shape));
        }

        /** What the errors of this gradient are relative to: its largest element, at least 1. */
        private double size() {
            double most = 1;
            for (long i = 0; i < gradient.length(); i++) {
                most = Math.max(most, Math.abs(gradient.get(i)));
            }
            return most;
        }

        double error(MemorySegment actual) {
            double worst = 0;
            for (long i = 0; i < gradient.length(); i++) {
                double value = actual.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES);
                worst = CaseResult.worse(worst, Math.abs(value - gradient.get(i)));
            }
            return worst / size();
        }
    }

    static JointCase read(Path folder, CaseFile json, Arena arena) {
        int b = json.integer("B");
        int t = json.integer("T");
        int u = json.integer("U");
        int v = json.integer("V");
        int h = json.integer("H");
        int blank = json.integer("blank");
        json.checkSizes(b, t, u, v, blank);
        if (h < 1) {
            throw json.bad("needs H >= 1, has H = %d", h);
        }
        String word = json.word("activation", "tanh");
        Activation activation = switch (word) {
            case "tanh" -> Activation.TANH;
            case "relu" -> Activation.RELU;
            case "sigmoid" -> Activation.SIGMOID;
            default -> throw json.bad("activation is \"%s\", expected tanh, relu or sigmoid", word);
        };
        int[] frameLengths = json.lengths(arena, "T_len", b, 1, t);
        int[] labelLengths = json.lengths(arena, "U_len", b, 0, u);
        return new JointCase(
                new Head(VectorFolders.name(folder), b, t, u, v, blank),
                h,
                activation,
                Input.read(json, arena, "enc", b, t, h),
                Input.read(json, arena, "pred", b, u + 1L, h),
                Input.read(json, arena, "weight", v, h),
                Input.read(json, arena, "bias", v),
                frameLengths,
                json.labels(arena, "targets", u, labelLengths, v, blank),
                json.losses(arena, "loss_ref", b));
    }

    @Override
    public List<CaseResult> check(String provider, @Nullable Schedule schedule, double occupancyFloor) {
        try (Arena arena = Arena.ofShared()) {
            Matrix dEncoder = zeros(arena, encoder, width);
            Matrix dPredictor = zeros(arena, predictor, width);
            Matrix dWeight = zeros(arena, weight, width);
            Matrix dBias = zeros(arena, bias, head.vocabulary());
            List<Utterance> batch = new ArrayList<>();
            List<Band> bands = new ArrayList<>();
            for (int b = 0; b < head.batch(); b++) {
                bands.add(Band.full(frameLengths[b], targets[b].length));
                batch.add(new Utterance(
                        Integer.toString(b),
                        rows(encoder, dEncoder, (long) b * head.frames(), frameLengths[b]),
                        rows(predictor, dPredictor, b * (head.labels() + 1L), targets[b].length + 1L),
                        targets[b]));
            }
            JointNetwork joint = new JointNetwork(
                    activation,
                    new Parameter(matrix(weight, width), dWeight),
                    new Parameter(matrix(bias, head.vocabulary()), dBias));
            LossOptions options = LogitsCheck.options(head.blank(), provider, occupancyFloor);
            double[] actual =
                    LogitsCheck.losses(options, joint, batch, bands, schedule == null ? options.schedule() : schedule);
            double lossError = 0;
            for (int b = 0; b < actual.length; b++) {
                lossError = CaseResult.worse(lossError, CaseResult.relative(actual[b], losses[b]));
            }
            double gradientError = CaseResult.worse(
                    CaseResult.worse(encoder.error(dEncoder.data()), predictor.error(dPredictor.data())),
                    CaseResult.worse(weight.error(dWeight.data()), bias.error(dBias.data())));
            return List.of(new CaseResult("", lossError, gradientError, 0, 0));
        }
    }

    private static Matrix zeros(Arena arena, Input input, int columns) {
        return Matrix.zeros(arena, input.gradient().length() / columns, columns);
    }

    private static Matrix matrix(Input input, int columns) {
        return new Matrix(input.value(), input.gradient().length() / columns, columns);
    }

    /** An utterance's own rows of a padded input. */
    private Parameter rows(Input input, Matrix gradient, long from, long count) {
        return new Parameter(matrix(input, width).rows(from, count), gradient.rows(from, count));
    }
}
