package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.SimpleSample;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.EdgePosteriors;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.loss.method.Schedule;
import org.transducer4j.loss.method.WindowRule;

/**
 * A pruned transducer in parts: the simple joiner plain and smoothed, the windows that follow from it, the loss of full
 * logits inside them.
 *
 * @param head its sizes
 * @param am float32 (B, Tmax, V)
 * @param lm float32 (B, Umax+1, V)
 * @param logits float32 (B, Tmax, Umax+1, V)
 * @param frameLengths T of each utterance
 * @param targets the U labels of each utterance
 * @param simple the simple joiner's answers
 * @param windows the windows and the losses inside
 * @param fullLosses of the logits without pruning, or null
 * @param fullGradient of the sum of these
 */
record PrunedCase(
        Head head,
        MemorySegment am,
        MemorySegment lm,
        MemorySegment logits,
        int[] frameLengths,
        int[][] targets,
        List<Simple> simple,
        List<Windows> windows,
        double @Nullable [] fullLosses,
        @Nullable RawArray fullGradient)
        implements StoredCase {
    /** Windows nearer than this to another are ties, decided by rounding. */
    private static final double TIE = 1e-6;

    private static final Pattern RANGES = Pattern.compile("(k2_)?ranges(\\d+)");

    /** Arrays named PREFIX_px and so on: log-probabilities and posteriors of labels (B, U, T+1) and blanks (B, U+1, T). */
    record Simple(
            String part,
            SimpleJoiner joiner,
            RawArray px,
            RawArray py,
            double[] losses,
            RawArray pxPosterior,
            RawArray pyPosterior,
            RawArray dAm,
            RawArray dLm) {
        static Simple read(CaseFile json, Arena arena, String part, SimpleJoiner joiner, Head head) {
            int b = head.batch();
            int t = head.frames();
            int u = head.labels();
            int v = head.vocabulary();
            return new Simple(
                    part,
                    joiner,
                    json.array(arena, part + "_px", RawArray.FLOATS, b, u, t + 1L),
                    json.array(arena, part + "_py", RawArray.FLOATS, b, u + 1L, t),
                    json.losses(arena, part + "_loss", b),
                    json.array(arena, part + "_px_grad", RawArray.FLOATS, b, u, t + 1L),
                    json.array(arena, part + "_py_grad", RawArray.FLOATS, b, u + 1L, t),
                    json.array(arena, part + "_d_am", RawArray.FLOATS, b, t, v),
                    json.array(arena, part + "_d_lm", RawArray.FLOATS, b, u + 1L, v));
        }
    }

    /** Windows of a range: label positions (B, T, S) as a band for each utterance, and losses and gradients (B, T, S, V) of the logits inside. */
    record Windows(String part, WindowRule rule, int range, List<Band> bands, double[] losses, RawArray gradient) {}

    static PrunedCase read(Path folder, CaseFile json, Arena arena) {
        int b = json.integer("B");
        int u = json.integer("S");
        int t = json.integer("T");
        int v = json.integer("C");
        int blank = json.integer("term");
        json.checkSizes(b, t, u, v, blank);
        RawArray boundary = json.array(arena, "boundary", RawArray.INTEGERS, b, 4);
        int[] frameLengths = new int[b];
        int[] labelLengths = new int[b];
        for (int i = 0; i < b; i++) {
            labelLengths[i] = CaseFile.toInt(boundary, boundary.getInteger(4L * i + 2));
            frameLengths[i] = CaseFile.toInt(boundary, boundary.getInteger(4L * i + 3));
            if (boundary.getInteger(4L * i) != 0
                    || boundary.getInteger(4L * i + 1) != 0
                    || labelLengths[i] < 0
                    || labelLengths[i] > u
                    || frameLengths[i] < 1
                    || frameLengths[i] > t) {
                throw new BadCaseException(
                        "%s: the boundary of utterance %d is %d, %d, %d, %d; expected 0, 0, 0 to S = %d, 1 to T = %d"
                                .formatted(
                                        boundary.file(),
                                        i,
                                        boundary.getInteger(4L * i),
                                        boundary.getInteger(4L * i + 1),
                                        labelLengths[i],
                                        frameLengths[i],
                                        u,
                                        t));
            }
        }
        Head head = new Head(VectorFolders.name(folder), b, t, u, v, blank);
        List<RawArray.Type> float32 = List.of(RawArray.Type.FLOAT32);
        MemorySegment am = json.array(arena, "am", float32, b, t, v).nativeFloats(arena);
        MemorySegment lm = json.array(arena, "lm", float32, b, u + 1L, v).nativeFloats(arena);
        int[][] targets = json.labels(arena, "symbols", u, labelLengths, v, blank);
        SimpleJoiner smoothed;
        try {
            smoothed = new SimpleJoiner(json.number("lm_only_scale", 0.25), json.number("am_only_scale", 0));
        } catch (IllegalArgumentException e) {
            throw json.bad("%s", String.valueOf(e.getMessage()));
        }
        List<Simple> simple = List.of(
                Simple.read(json, arena, "simple", SimpleJoiner.PLAIN, head),
                Simple.read(json, arena, "smoothed", smoothed, head));
        return new PrunedCase(
                head,
                am,
                lm,
                json.array(arena, "full_logits", float32, b, t, u + 1L, v).nativeFloats(arena),
                frameLengths,
                targets,
                simple,
                windows(json, arena, head, frameLengths, labelLengths),
                json.has("full_loss") ? json.losses(arena, "full_loss", b) : null,
                json.has("full_loss") ? json.array(arena, "full_grad", RawArray.FLOATS, b, t, u + 1L, v) : null);
    }

    private static List<Windows> windows(
            CaseFile json, Arena arena, Head head, int[] frameLengths, int[] labelLengths) {
        List<Windows> windows = new ArrayList<>();
        for (String array : json.arrays()) {
            Matcher matcher = RANGES.matcher(array);
            if (!matcher.matches()) {
                continue;
            }
            String prefix = matcher.group(1) == null ? "" : matcher.group(1);
            String pruned = prefix + "pruned" + matcher.group(2);
            long[] shape = json.shape(array);
            // The range may have been cut to what there is: the shape tells.
            long range = shape == null || shape.length != 3 ? Long.parseLong(matcher.group(2)) : shape[2];
            if (range < 2 || range > head.labels() + 1L) {
                throw json.bad("the range of \"%s\" is %d, expected 2 to S+1 = %d", array, range, head.labels() + 1);
            }
            RawArray positions = json.array(arena, array, RawArray.INTEGERS, head.batch(), head.frames(), range);
            List<Band> bands = new ArrayList<>();
            for (int b = 0; b < head.batch(); b++) {
                bands.add(band(positions, b, head.frames(), frameLengths[b], labelLengths[b], (int) range));
            }
            windows.add(new Windows(
                    (prefix.isEmpty() ? "" : "k2 ") + "pruned " + matcher.group(2),
                    prefix.isEmpty() ? WindowRule.EDGES : WindowRule.PATHS,
                    (int) range,
                    bands,
                    json.losses(arena, pruned + "_loss", head.batch()),
                    json.array(
                            arena,
                            pruned + "_grad",
                            RawArray.FLOATS,
                            head.batch(),
                            head.frames(),
                            range,
                            head.vocabulary())));
        }
        return windows;
    }

    /** The stored windows of an utterance; where it has fewer positions than a window is wide, they end there. */
    private static Band band(RawArray positions, int b, int stride, int frames, int labels, int range) {
        int[] begin = new int[frames];
        int[] end = new int[frames];
        for (int t = 0; t < frames; t++) {
            begin[t] = CaseFile.toInt(positions, positions.getInteger(((long) b * stride + t) * range));
            end[t] = (int) Math.min((long) begin[t] + range, labels + 1);
        }
        try {
            return Band.of(labels, begin, end);
        } catch (IllegalArgumentException e) {
            throw new BadCaseException(positions.file() + ": utterance " + b + ": " + e.getMessage());
        }
    }

    @Override
    public List<CaseResult> check(String provider, @Nullable Schedule schedule, double occupancyFloor) {
        List<CaseResult> results = new ArrayList<>();
        int[] framesOff = new int[windows.size()];
        if (schedule == null) {
            for (Simple part : simple) {
                results.add(check(part, provider, framesOff));
            }
        }
        for (int w = 0; w < windows.size(); w++) {
            Windows part = windows.get(w);
            checkLogits(
                    part.part(),
                    LogitsCheck.options(head.blank(), provider, occupancyFloor),
                    schedule,
                    part.bands(),
                    part.losses(),
                    part.gradient(),
                    part.range(),
                    framesOff[w],
                    results);
        }
        if (fullLosses != null && fullGradient != null) {
            List<Band> bands = new ArrayList<>();
            for (int b = 0; b < head.batch(); b++) {
                bands.add(Band.full(frameLengths[b], targets[b].length));
            }
            LossOptions options = LogitsCheck.options(head.blank(), provider, occupancyFloor);
            checkLogits("full", options, schedule, bands, fullLosses, fullGradient, head.labels() + 1, 0, results);
        }
        return results;
    }

    /** The simple joiner with all that it says; where it is the smoothed one, the windows that follow, too. */
    private CaseResult check(Simple part, String provider, int[] framesOff) {
        int v = head.vocabulary();
        double lossError = 0;
        double gradientError = 0;
        try (Kernels kernels =
                KernelProviders.choose(provider).open(Runtime.getRuntime().availableProcessors())) {
            for (int b = 0; b < head.batch(); b++) {
                int frames = frameLengths[b];
                int positions = targets[b].length + 1;
                long amRow = (long) b * head.frames();
                long lmRow = b * (head.labels() + 1L);
                Parameter ofAm = parameter(am, amRow, frames);
                Parameter ofLm = parameter(lm, lmRow, positions);
                Utterance utterance = new Utterance(Integer.toString(b), ofAm, ofLm, targets[b]);
                try (SimpleSample sample =
                        kernels.simple(utterance, part.joiner(), LatticeOptions.regular(head.blank()), 1L << 40)) {
                    sample.forward();
                    for (int t = 0; t < frames; t++) {
                        for (int u = 0; u < positions; u++) {
                            double reference = part.py().get(blank(b, t, u));
                            lossError = CaseResult.worse(lossError, CaseResult.relative(sample.blank(t, u), reference));
                            if (u < positions - 1) {
                                double next = part.px().get(label(b, t, u));
                                lossError = CaseResult.worse(lossError, CaseResult.relative(sample.label(t, u), next));
                            }
                        }
                    }
                    lossError = CaseResult.worse(lossError, CaseResult.relative(sample.solve(), part.losses()[b]));
                    EdgePosteriors stored = posteriors(part, b, positions);
                    for (int t = 0; t < frames; t++) {
                        for (int u = 0; u < positions; u++) {
                            gradientError = CaseResult.worse(
                                    gradientError,
                                    Math.max(
                                            Math.abs(sample.blank(t, u) - stored.blank(t, u)),
                                            Math.abs(sample.label(t, u) - stored.label(t, u))));
                        }
                    }
                    if (part.part().equals("smoothed")) {
                        for (int w = 0; w < framesOff.length; w++) {
                            framesOff[w] += framesOff(windows.get(w), b, sample, stored);
                        }
                    }
                    sample.backward();
                }
                gradientError = CaseResult.worse(
                        CaseResult.worse(gradientError, error(ofAm, part.dAm(), amRow * v)),
                        error(ofLm, part.dLm(), lmRow * v));
            }
        }
        return new CaseResult(part.part(), lossError, gradientError, 0, 0);
    }

    /** Index of a blank edge in an array (B, U+1, T). */
    private long blank(int b, int t, int u) {
        return (b * (head.labels() + 1L) + u) * head.frames() + t;
    }

    /** Index of a label edge in an array (B, U, T+1). */
    private long label(int b, int t, int u) {
        return ((long) b * head.labels() + u) * (head.frames() + 1L) + t;
    }

    private EdgePosteriors posteriors(Simple part, int b, int positions) {
        return new EdgePosteriors() {
            @Override
            public double blank(int t, int u) {
                return part.pyPosterior().get(PrunedCase.this.blank(b, t, u));
            }

            @Override
            public double label(int t, int u) {
                return u < positions - 1 ? part.pxPosterior().get(PrunedCase.this.label(b, t, u)) : 0;
            }
        };
    }

    /** Frames whose window isn't the stored one, though the stored posteriors leave no tie there. */
    private int framesOff(Windows part, int b, EdgePosteriors edges, EdgePosteriors stored) {
        int labels = targets[b].length;
        Band band = new Pruning(part.range(), part.rule()).band(edges, frameLengths[b], labels, Topology.REGULAR);
        int off = 0;
        for (int t = 0; t < frameLengths[b]; t++) {
            if (band.begin(t) != part.bands().get(b).begin(t) && margin(part, stored, t, labels) > TIE) {
                off++;
            }
        }
        return off;
    }

    /** What the best window of a frame is worth more than the second best. */
    private static double margin(Windows part, EdgePosteriors stored, int t, int labels) {
        double best = Double.NEGATIVE_INFINITY;
        double second = best;
        for (int p = 0; p + part.range() <= labels + 1; p++) {
            double value = part.rule().value(stored, t, p, p + part.range());
            second = Math.max(second, Math.min(best, value));
            best = Math.max(best, value);
        }
        return best - second;
    }

    private Parameter parameter(MemorySegment values, long row, int rows) {
        float[] gradient = new float[rows * head.vocabulary()];
        // Whatever isn't written stays NaN and fails.
        Arrays.fill(gradient, Float.NaN);
        long rowBytes = (long) head.vocabulary() * Float.BYTES;
        return new Parameter(
                new Matrix(values.asSlice(row * rowBytes, rows * rowBytes), rows, head.vocabulary()),
                Matrix.of(head.vocabulary(), gradient));
    }

    private static double error(Parameter parameter, RawArray reference, long from) {
        Matrix gradient = parameter.gradient();
        double worst = 0;
        for (long i = 0; gradient != null && i < gradient.rows() * gradient.columns(); i++) {
            double value = gradient.get(i / gradient.columns(), (int) (i % gradient.columns()));
            worst = CaseResult.worse(worst, Math.abs(value - reference.get(from + i)));
        }
        return worst;
    }

    /** The loss of the full logits inside bands, its gradient compared window by window. */
    private void checkLogits(
            String part,
            LossOptions options,
            @Nullable Schedule schedule,
            List<Band> bands,
            double[] losses,
            RawArray reference,
            int range,
            int framesOff,
            List<CaseResult> results) {
        if (schedule != null && !LogitsCheck.isSmall(bands, head.vocabulary())) {
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment gradient = arena.allocate(logits.byteSize(), Float.BYTES);
            LogitsBatch batch =
                    LogitsBatch.padded(logits, head.frames(), head.labels(), head.vocabulary(), frameLengths, targets);
            double[] actual = LogitsCheck.run(options, batch, bands, schedule, gradient);
            double lossError = 0;
            for (int b = 0; b < actual.length; b++) {
                lossError = CaseResult.worse(lossError, CaseResult.relative(actual[b], losses[b]));
            }
            double gradientError = 0;
            double outsideError = 0;
            long at = 0;
            for (int b = 0; b < head.batch(); b++) {
                for (int t = 0; t < head.frames(); t++) {
                    for (int u = 0; u <= head.labels(); u++) {
                        boolean inside = bands.get(b).contains(t, u);
                        int slot = inside ? u - bands.get(b).begin(t) : 0;
                        long of = (((long) b * head.frames() + t) * range + slot) * head.vocabulary();
                        for (int k = 0; k < head.vocabulary(); k++, at++) {
                            double value = gradient.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES);
                            if (inside) {
                                gradientError =
                                        CaseResult.worse(gradientError, Math.abs(value - reference.get(of + k)));
                            } else {
                                outsideError = CaseResult.worse(outsideError, Math.abs(value));
                            }
                        }
                    }
                }
            }
            results.add(new CaseResult(part, lossError, gradientError, outsideError, framesOff));
        }
    }
}
