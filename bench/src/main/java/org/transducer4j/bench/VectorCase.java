package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.LogitsBatch;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.Schedule;

/**
 * Logits of a padded batch with the losses and gradients that they must give.
 *
 * @param head its sizes
 * @param logits float32 (B, Tmax, Umax+1, V)
 * @param frameLengths T of each utterance
 * @param targets the U labels of each utterance
 * @param losses -log P of each utterance, natural log
 * @param gradients of the sum of losses with respect to the logits
 */
record VectorCase(
        Head head, MemorySegment logits, int[] frameLengths, int[][] targets, double[] losses, RawArray gradients)
        implements StoredCase {
    static VectorCase read(Path folder, CaseFile json, Arena arena) {
        int b = json.integer("B");
        int t = json.integer("T");
        int u = json.integer("U");
        int v = json.integer("V");
        int blank = json.integer("blank");
        json.checkSizes(b, t, u, v, blank);
        RawArray logits = json.array(arena, "logits", List.of(RawArray.Type.FLOAT32), b, t, u + 1L, v);
        int[] frameLengths = json.lengths(arena, "T_len", b, 1, t);
        int[] labelLengths = json.lengths(arena, "U_len", b, 0, u);
        int[][] labels = json.labels(arena, "targets", u, labelLengths, v, blank);
        double[] losses = json.losses(arena, "loss_ref", b);
        RawArray gradients = json.array(arena, "grad_ref", RawArray.FLOATS, b, t, u + 1L, v);
        return new VectorCase(
                new Head(VectorFolders.name(folder), b, t, u, v, blank),
                logits.nativeFloats(arena),
                frameLengths,
                labels,
                losses,
                gradients);
    }

    @Override
    public List<CaseResult> check(String provider, @Nullable Schedule schedule, double occupancyFloor) {
        List<Band> bands = bands();
        if (schedule != null && !LogitsCheck.isSmall(bands, head.vocabulary())) {
            return List.of();
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment gradient = arena.allocate(logits.byteSize(), Float.BYTES);
            LogitsBatch batch =
                    LogitsBatch.padded(logits, head.frames(), head.labels(), head.vocabulary(), frameLengths, targets);
            double[] actual = LogitsCheck.run(
                    LogitsCheck.options(head.blank(), provider, occupancyFloor), batch, bands, schedule, gradient);
            return List.of(compare(actual, gradient));
        }
    }

    private List<Band> bands() {
        List<Band> bands = new ArrayList<>();
        for (int b = 0; b < frameLengths.length; b++) {
            bands.add(Band.full(frameLengths[b], targets[b].length));
        }
        return bands;
    }

    private CaseResult compare(double[] actual, MemorySegment gradient) {
        double lossError = 0;
        for (int b = 0; b < actual.length; b++) {
            lossError = CaseResult.worse(lossError, CaseResult.relative(actual[b], losses[b]));
        }
        double gradientError = 0;
        double paddingError = 0;
        long index = 0;
        for (int b = 0; b < head.batch(); b++) {
            for (int t = 0; t < head.frames(); t++) {
                for (int u = 0; u <= head.labels(); u++) {
                    boolean padding = t >= frameLengths[b] || u > targets[b].length;
                    for (int k = 0; k < head.vocabulary(); k++, index++) {
                        double value = gradient.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
                        if (padding) {
                            paddingError = CaseResult.worse(paddingError, Math.abs(value));
                        } else {
                            gradientError = CaseResult.worse(gradientError, Math.abs(value - gradients.get(index)));
                        }
                    }
                }
            }
        }
        return new CaseResult("", lossError, gradientError, paddingError, 0);
    }
}
