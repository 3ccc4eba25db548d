package org.transducer4j.loss;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.NonFiniteLossException;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Scores;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;

class LogitsLossTest {
    private static final int[] FRAMES = {4, 1, 3};
    private static final int MAX_FRAMES = 5;
    private static final int MAX_LABELS = 4;
    private static final int V = 6;

    private final int blank = 2;
    private final int[][] labels = {
        Cases.labels(new Random(1), 3, V, blank), {}, Cases.labels(new Random(2), 4, V, blank)
    };
    private final float[] padded = Cases.gaussian(new Random(3), FRAMES.length * MAX_FRAMES * (MAX_LABELS + 1) * V, 2);

    private LogitsBatch batch(float[] logits) {
        return LogitsBatch.padded(MemorySegment.ofArray(logits), MAX_FRAMES, MAX_LABELS, V, FRAMES, labels);
    }

    private LossResult solve(String provider, LogitsBatch batch, Reduction reduction) {
        return solve(options(provider), batch, reduction);
    }

    private LossOptions options(String provider) {
        return LossOptions.defaults().withProvider(provider).withThreads(2).withBlank(blank);
    }

    private static LossResult solve(LossOptions options, LogitsBatch batch, Reduction reduction) {
        try (LogitsLoss loss = LogitsLoss.open(options)) {
            return loss.compute(batch, reduction);
        }
    }

    private static int index(int b, int t, int u) {
        return ((b * MAX_FRAMES + t) * (MAX_LABELS + 1) + u) * V;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void lossIsTheSumOverAllPaths(String provider) {
        double[] losses = solve(provider, batch(padded), Reduction.NONE).losses();
        for (int b = 0; b < FRAMES.length; b++) {
            double[][][] logP = new double[FRAMES[b]][labels[b].length + 1][];
            for (int t = 0; t < FRAMES[b]; t++) {
                for (int u = 0; u <= labels[b].length; u++) {
                    logP[t][u] = Cases.logSoftmax(padded, index(b, t, u), V);
                }
            }
            assertEquals(Cases.enumerate(logP, labels[b], blank), losses[b], 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void gradientAgreesWithDifferencesAndPaddingHasNone(String provider) {
        float[] gradient = new float[padded.length];
        java.util.Arrays.fill(gradient, Float.NaN);
        solve(provider, batch(padded).withGradient(MemorySegment.ofArray(gradient)), Reduction.SUM);
        Matrix values = Matrix.of(V, padded);
        double[] pair = Cases.directional(
                List.of(values),
                new float[][] {gradient},
                () -> solve("reference", batch(padded), Reduction.SUM).sum(),
                7);
        assertEquals(pair[1], pair[0], 1e-4 * Math.abs(pair[1]));
        for (int b = 0; b < FRAMES.length; b++) {
            for (int t = 0; t < MAX_FRAMES; t++) {
                for (int u = 0; u <= MAX_LABELS; u++) {
                    boolean inside = t < FRAMES[b] && u <= labels[b].length;
                    double sum = 0;
                    double size = 0;
                    for (int k = 0; k < V; k++) {
                        sum += gradient[index(b, t, u) + k];
                        size += Math.abs(gradient[index(b, t, u) + k]);
                    }
                    assertEquals(0, sum, 1e-5);
                    assertEquals(inside, size > 0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void paddingNeverMattersAndPackedIsTheSame(String provider) {
        float[] gradient = new float[padded.length];
        double[] losses = solve(provider, batch(padded).withGradient(MemorySegment.ofArray(gradient)), Reduction.SUM)
                .losses();
        float[] poisoned = padded.clone();
        int rows = 0;
        for (int b = 0; b < FRAMES.length; b++) {
            rows += FRAMES[b] * (labels[b].length + 1);
            for (int t = 0; t < MAX_FRAMES; t++) {
                for (int u = 0; u <= MAX_LABELS; u++) {
                    if (t >= FRAMES[b] || u > labels[b].length) {
                        java.util.Arrays.fill(poisoned, index(b, t, u), index(b, t, u) + V, Float.NaN);
                    }
                }
            }
        }
        // in place, over poisoned padding
        assertArrayEquals(
                losses,
                solve(provider, batch(poisoned).withGradientInPlace(), Reduction.SUM)
                        .losses(),
                0);
        assertArrayEquals(gradient, poisoned, 0);

        float[] packed = new float[rows * V];
        float[] expected = new float[rows * V];
        int at = 0;
        for (int b = 0; b < FRAMES.length; b++) {
            for (int t = 0; t < FRAMES[b]; t++) {
                int n = (labels[b].length + 1) * V;
                System.arraycopy(padded, index(b, t, 0), packed, at, n);
                System.arraycopy(gradient, index(b, t, 0), expected, at, n);
                at += n;
            }
        }
        LogitsBatch batch = LogitsBatch.packed(MemorySegment.ofArray(packed), V, FRAMES, labels);
        assertArrayEquals(
                losses,
                solve(provider, batch.withGradientInPlace(), Reduction.SUM).losses(),
                0);
        assertArrayEquals(expected, packed, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void outsideABandNothingIsReadAndNothingFlows(String provider) {
        Band band = Band.of(3, new int[] {0, 0, 1, 2}, new int[] {2, 3, 3, 4});
        float[] logits = Cases.gaussian(new Random(5), 4 * 4 * V, 1);
        double[][][] logP = new double[4][4][V];
        for (int t = 0; t < 4; t++) {
            for (int u = 0; u < 4; u++) {
                int at = (t * 4 + u) * V;
                if (band.contains(t, u)) {
                    logP[t][u] = Cases.logSoftmax(logits, at, V);
                } else {
                    java.util.Arrays.fill(logP[t][u], Double.NEGATIVE_INFINITY);
                    java.util.Arrays.fill(logits, at, at + V, Float.NaN);
                }
            }
        }
        LogitsBatch batch =
                LogitsBatch.packed(MemorySegment.ofArray(logits), V, new int[] {4}, new int[][] {labels[0]});
        try (LogitsLoss loss = LogitsLoss.open(options(provider))) {
            double sum = loss.compute(batch.withGradientInPlace(), List.of(band), Reduction.SUM)
                    .sum();
            assertEquals(Cases.enumerate(logP, labels[0], blank), sum, 1e-6);
        }
        for (int row = 0; row < 16; row++) {
            double size = 0;
            for (int k = 0; k < V; k++) {
                size += Math.abs(logits[row * V + k]);
            }
            assertEquals(band.contains(row / 4, row % 4), size > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void logProbabilitiesAreTakenAsTheyAre(String provider) {
        float[] logP = padded.clone();
        for (int row = 0; row < logP.length; row += V) {
            double[] p = Cases.logSoftmax(padded, row, V);
            for (int k = 0; k < V; k++) {
                logP[row + k] = (float) p[k];
            }
        }
        double[] expected = solve(provider, batch(padded), Reduction.NONE).losses();
        float[] gradient = new float[logP.length];
        LogitsBatch batch =
                batch(logP).withScores(Scores.LOG_PROBABILITIES).withGradient(MemorySegment.ofArray(gradient));
        double[] actual = solve(provider, batch, Reduction.NONE).losses();
        assertArrayEquals(expected, actual, 1e-5);
        double[] pair = Cases.directional(
                List.of(Matrix.of(V, logP)),
                new float[][] {gradient},
                () -> solve("reference", batch.withGradient(null), Reduction.SUM)
                        .sum(),
                9);
        assertEquals(pair[1], pair[0], 1e-4 * Math.abs(pair[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void meanDividesAfterTheClamp(String provider) {
        float[] sum = new float[padded.length];
        float[] mean = new float[padded.length];
        LossOptions clamped = options(provider).withClamp(0.05f);
        solve(clamped, batch(padded).withGradient(MemorySegment.ofArray(sum)), Reduction.SUM);
        solve(clamped, batch(padded).withGradient(MemorySegment.ofArray(mean)), Reduction.MEAN);
        float largest = 0;
        for (int i = 0; i < sum.length; i++) {
            largest = Math.max(largest, Math.abs(sum[i]));
            assertEquals(sum[i] / 3, mean[i], 1e-7);
        }
        assertEquals(0.05f, largest, 1e-8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "simd"})
    void impossibleTranscriptIsInfinite(String provider) {
        float[] logits = padded.clone();
        for (int t = 0; t < FRAMES[0]; t++) {
            logits[index(0, t, 0) + labels[0][0]] = Float.NEGATIVE_INFINITY;
        }
        float[] before = logits.clone();
        var failure = assertThrows(
                NonFiniteLossException.class,
                () -> solve(provider, batch(logits).withGradientInPlace(), Reduction.SUM));
        assertEquals("0", failure.utterance());
        assertArrayEquals(before, logits, 0, "nothing is written on failure");
        LossResult result = solve(
                options(provider).withNonFinite(NonFinite.SKIP), batch(logits).withGradientInPlace(), Reduction.SUM);
        assertEquals(Double.POSITIVE_INFINITY, result.losses()[0]);
        assertEquals(List.of(0), result.skipped());
        assertTrue(Double.isFinite(result.sum()));
        for (int i = 0; i < index(1, 0, 0); i++) {
            assertEquals(0, logits[i]);
        }
    }

    @Test
    void longLatticesKeepTheirDigits() {
        int frames = 700;
        int[] y = Cases.labels(new Random(4), 90, 20, 0);
        float[] logits = Cases.gaussian(new Random(5), frames * 91 * 20, 1);
        LogitsBatch batch = LogitsBatch.packed(MemorySegment.ofArray(logits), 20, new int[] {frames}, new int[][] {y});
        float[] expected = new float[logits.length];
        float[] actual = new float[logits.length];
        LossOptions options = LossOptions.defaults();
        double loss = solve(
                        options.withProvider("reference"),
                        batch.withGradient(MemorySegment.ofArray(expected)),
                        Reduction.SUM)
                .sum();
        assertEquals(
                loss,
                solve(options.withProvider("simd"), batch.withGradient(MemorySegment.ofArray(actual)), Reduction.SUM)
                        .sum(),
                1e-6 * loss);
        assertArrayEquals(expected, actual, 5e-6f);
        assertTrue(Cases.distance(actual, expected) < 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void logitsFarFromZeroKeepTheirGradient(String provider) {
        // Floats near 3000 are 2.4e-4 apart: the normaliser must not be rounded to one of them.
        float[] shifted = padded.clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += 3000;
        }
        float[] expected = new float[padded.length];
        float[] actual = new float[padded.length];
        LogitsBatch batch = batch(shifted);
        solve("reference", batch.withGradient(MemorySegment.ofArray(expected)), Reduction.SUM);
        solve(provider, batch.withGradient(MemorySegment.ofArray(actual)), Reduction.SUM);
        assertArrayEquals(expected, actual, 1e-6f);
    }

    /** Logits 2^31 and more of a padded batch, in a file with holes: what isn't padding is found where it is. */
    @Test
    void offsetsAreLongs(@TempDir Path folder) throws IOException {
        int utterances = 33;
        int maxFrames = 256;
        int maxLabels = 64;
        int v = 4096;
        long stride = (maxLabels + 1L) * v * Float.BYTES;
        int[] frames = new int[utterances];
        java.util.Arrays.fill(frames, 2);
        int[][] y = new int[utterances][];
        java.util.Arrays.fill(y, new int[] {4000});
        float[] rows = Cases.gaussian(new Random(6), 4 * v, 1);
        try (Arena arena = Arena.ofConfined();
                FileChannel file = FileChannel.open(
                        folder.resolve("logits"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.SPARSE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            MemorySegment logits = file.map(FileChannel.MapMode.READ_WRITE, 0, utterances * maxFrames * stride, arena);
            assertTrue(logits.byteSize() / Float.BYTES > Integer.MAX_VALUE);
            for (int t = 0; t < 2; t++) {
                long at = (32L * maxFrames + t) * stride;
                MemorySegment.copy(
                        MemorySegment.ofArray(rows), 2L * t * v * Float.BYTES, logits, at, 2L * v * Float.BYTES);
            }
            LogitsBatch batch = LogitsBatch.padded(logits, maxFrames, maxLabels, v, frames, y);
            LogitsBatch last = LogitsBatch.packed(MemorySegment.ofArray(rows), v, new int[] {2}, new int[][] {{4000}});
            double[] losses =
                    solve(LossOptions.defaults(), batch, Reduction.NONE).losses();
            assertEquals(solve(LossOptions.defaults(), last, Reduction.NONE).sum(), losses[32], 0);
            // Holes are zeros: two paths of three even choices each.
            assertEquals(3 * Math.log(v) - Math.log(2), losses[31], 1e-6);
        }
    }

    /** Enough work to be shared by threads. */
    private static LogitsBatch large(MemorySegment logits, int[] frames, int[][] y, Scores scores) {
        return LogitsBatch.packed(logits, 28, frames, y).withScores(scores).withGradientInPlace();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOGITS", "LOG_PROBABILITIES"})
    void neitherThreadsNorNeighboursNorTheArenaChangeABit(Scores scores) {
        int[] frames = {70, 1, 50, 90};
        int[][] y = {
            Cases.labels(new Random(1), 21, 28, blank),
            {},
            Cases.labels(new Random(2), 30, 28, blank),
            Cases.labels(new Random(3), 11, 28, blank)
        };
        int[] first = new int[frames.length + 1];
        for (int b = 0; b < frames.length; b++) {
            first[b + 1] = first[b] + frames[b] * (y[b].length + 1) * 28;
        }
        float[] logits = Cases.gaussian(new Random(8), first[frames.length], 2);
        if (scores == Scores.LOG_PROBABILITIES) {
            for (int i = 0; i < logits.length; i++) {
                logits[i] = -3 - Math.abs(logits[i]);
            }
        }
        float[] one = logits.clone();
        LossOptions options = options("simd");
        double[] losses = solve(
                        options.withThreads(1), large(MemorySegment.ofArray(one), frames, y, scores), Reduction.MEAN)
                .losses();
        float[] three = logits.clone();
        assertArrayEquals(
                losses,
                solve(options.withThreads(3), large(MemorySegment.ofArray(three), frames, y, scores), Reduction.MEAN)
                        .losses(),
                0);
        assertArrayEquals(one, three, 0, "threads");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mine = arena.allocateFrom(JAVA_FLOAT, logits);
            solve(options.withThreads(3), large(mine, frames, y, scores), Reduction.MEAN);
            assertArrayEquals(one, mine.toArray(JAVA_FLOAT), 0, "arena of one thread");
        }
        int[] order = {2, 3, 0, 1};
        int[] otherFrames = new int[order.length];
        int[][] otherLabels = new int[order.length][];
        float[] other = new float[logits.length];
        for (int i = 0, at = 0; i < order.length; i++) {
            int b = order[i];
            otherFrames[i] = frames[b];
            otherLabels[i] = y[b];
            System.arraycopy(logits, first[b], other, at, first[b + 1] - first[b]);
            at += first[b + 1] - first[b];
        }
        double[] permuted = solve(
                        options, large(MemorySegment.ofArray(other), otherFrames, otherLabels, scores), Reduction.MEAN)
                .losses();
        for (int i = 0, at = 0; i < order.length; i++) {
            int b = order[i];
            assertEquals(losses[b], permuted[i]);
            assertArrayEquals(
                    java.util.Arrays.copyOfRange(one, first[b], first[b + 1]),
                    java.util.Arrays.copyOfRange(other, at, at + first[b + 1] - first[b]),
                    0);
            at += first[b + 1] - first[b];
        }
    }

    /** Rows of several lengths, most of which don't end where a vector does, against the reference. */
    @ParameterizedTest
    @ValueSource(ints = {2, 15, 16, 17, 31, 33, 5000})
    void rowsOfAnyLengthAgreeWithTheReference(int vocabulary) {
        int frames = 5;
        int[] y = {vocabulary == 2 ? 0 : 1, 0, 0, vocabulary == 2 ? 0 : vocabulary - 2};
        float[] logits = Cases.gaussian(new Random(vocabulary), frames * 5 * vocabulary, 3);
        LogitsBatch batch =
                LogitsBatch.packed(MemorySegment.ofArray(logits), vocabulary, new int[] {frames}, new int[][] {y});
        for (boolean hat : new boolean[] {false, true}) {
            LossOptions options = LossOptions.defaults()
                    .withLattice(new LatticeOptions(vocabulary - 1, Topology.REGULAR, 0, 0, hat, false));
            float[] expected = new float[logits.length];
            float[] actual = new float[logits.length];
            double loss = solve(
                            options.withProvider("reference"),
                            batch.withGradient(MemorySegment.ofArray(expected)),
                            Reduction.SUM)
                    .sum();
            for (String provider : List.of("scalar", "simd")) {
                double sum = solve(
                                options.withProvider(provider),
                                batch.withGradient(MemorySegment.ofArray(actual)),
                                Reduction.SUM)
                        .sum();
                assertEquals(loss, sum, 1e-6 * loss);
                assertTrue(Cases.distance(actual, expected) < 2e-6, provider + " " + vocabulary + " hat " + hat);
            }
        }
    }

    /** More nodes than are kept from batch to batch; scratch memory is that of the lattices, and little else. */
    @Test
    void whatALargeBatchTakesIsGivenBack() {
        int frames = 4300;
        int[] y = new int[999];
        java.util.Arrays.fill(y, 1);
        float[] logits = new float[frames * 1000 * 2];
        MemorySegment data = MemorySegment.ofArray(logits);
        try (LogitsLoss loss = LogitsLoss.open(options("simd").withBlank(0))) {
            LossResult alone =
                    loss.compute(LogitsBatch.packed(data, 2, new int[] {frames}, new int[][] {y}), Reduction.NONE);
            double expected = (frames + 999) * Math.log(2) - logChoose(frames + 998, 999);
            assertEquals(expected, alone.sum(), 1e-6 * expected);
            long nodes = frames * 1000L;
            assertTrue(alone.peakScratchBytes() >= 20 * nodes && alone.peakScratchBytes() < 21 * nodes);
            long after = loss.compute(
                            LogitsBatch.packed(data.asSlice(0, 8), 2, new int[] {1}, new int[][] {{}}), Reduction.NONE)
                    .peakScratchBytes();
            assertTrue(after < nodes, after + " bytes");
        }
    }

    private static double logChoose(int n, int k) {
        double sum = 0;
        for (int i = 1; i <= k; i++) {
            sum += Math.log(n - k + i) - Math.log(i);
        }
        return sum;
    }

    @Test
    void badInputIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> LogitsBatch.padded(
                        MemorySegment.ofArray(new float[10]), MAX_FRAMES, MAX_LABELS, V, FRAMES, labels));
        assertThrows(
                IllegalArgumentException.class,
                () -> LogitsBatch.padded(MemorySegment.ofArray(padded), 3, MAX_LABELS, V, FRAMES, labels));
        int[][] withBlank = {{1, blank, 3}, {}, {}};
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> solve(
                        "simd",
                        LogitsBatch.padded(MemorySegment.ofArray(padded), MAX_FRAMES, MAX_LABELS, V, FRAMES, withBlank),
                        Reduction.SUM));
        assertTrue(failure.getMessage().contains("label 1 is 2"), failure.getMessage());
    }
}
