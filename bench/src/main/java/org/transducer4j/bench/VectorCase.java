package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * Logits of a padded batch with the losses and gradients that they must give.
 *
 * @param name what tables call it
 * @param folder where it was read from
 * @param frames Tmax
 * @param labels Umax
 * @param vocabulary V
 * @param blank index of blank
 * @param logits float32 (B, Tmax, Umax+1, V)
 * @param frameLengths T of each utterance
 * @param targets the U labels of each utterance
 * @param losses -log P of each utterance, natural log
 * @param gradients of the sum of losses with respect to the logits
 */
record VectorCase(
        String name,
        Path folder,
        int frames,
        int labels,
        int vocabulary,
        int blank,
        MemorySegment logits,
        int[] frameLengths,
        int[][] targets,
        double[] losses,
        RawArray gradients) {
    private static final List<RawArray.Type> INTEGERS = List.of(RawArray.Type.INT32, RawArray.Type.INT64);
    private static final List<RawArray.Type> FLOATS = List.of(RawArray.Type.FLOAT32, RawArray.Type.FLOAT64);

    int batch() {
        return frameLengths.length;
    }

    /**
     * Reads a case folder.
     *
     * @param folder has case.json and what it names
     * @param arena owner of the mapped files
     * @throws BadCaseException if something is missing or doesn't fit
     */
    static VectorCase read(Path folder, Arena arena) {
        CaseFile json = CaseFile.read(folder.resolve("case.json"));
        int b = json.integer("B");
        int t = json.integer("T");
        int u = json.integer("U");
        int v = json.integer("V");
        int blank = json.integer("blank");
        if (b < 1 || t < 1 || u < 0 || v < 2 || u == Integer.MAX_VALUE) {
            throw json.bad("needs B >= 1, T >= 1, U >= 0, V >= 2, has B = %d, T = %d, U = %d, V = %d", b, t, u, v);
        }
        if (blank < 0 || blank >= v) {
            throw json.bad("blank is %d, expected 0 to V-1 = %d", blank, v - 1);
        }
        RawArray logits = json.array(arena, "logits", List.of(RawArray.Type.FLOAT32), b, t, u + 1L, v);
        int[] frameLengths = lengths(json, arena, "T_len", b, 1, t);
        int[] labelLengths = lengths(json, arena, "U_len", b, 0, u);
        RawArray targets = json.array(arena, "targets", INTEGERS, b, u);
        int[][] labels = new int[b][];
        for (int i = 0; i < b; i++) {
            labels[i] = labels(targets, i, u, labelLengths[i], v, blank);
        }
        RawArray reference = json.array(arena, "loss_ref", FLOATS, b);
        double[] losses = new double[b];
        for (int i = 0; i < b; i++) {
            losses[i] = reference.get(i);
            if (!Double.isFinite(losses[i])) {
                throw new BadCaseException("%s: the loss of utterance %d is %s, expected a finite number"
                        .formatted(reference.file(), i, losses[i]));
            }
        }
        RawArray gradients = json.array(arena, "grad_ref", FLOATS, b, t, u + 1L, v);
        return new VectorCase(
                VectorFolders.name(folder),
                folder,
                t,
                u,
                v,
                blank,
                logits.nativeFloats(arena),
                frameLengths,
                labels,
                losses,
                gradients);
    }

    private static int[] lengths(CaseFile json, Arena arena, String key, int count, int least, int most) {
        int[] lengths = json.integers(arena, key, count);
        for (int i = 0; i < count; i++) {
            if (lengths[i] < least || lengths[i] > most) {
                throw json.bad("%s of utterance %d is %d, expected %d to %d", key, i, lengths[i], least, most);
            }
        }
        return lengths;
    }

    private static int[] labels(RawArray targets, int utterance, int stride, int length, int vocabulary, int blank) {
        int[] labels = new int[length];
        for (int i = 0; i < length; i++) {
            long label = targets.getInteger((long) utterance * stride + i);
            if (label < 0 || label >= vocabulary || label == blank) {
                throw new BadCaseException("%s: label %d of utterance %d is %d, expected 0 to %d and not blank (%d)"
                        .formatted(targets.file(), i, utterance, label, vocabulary - 1, blank));
            }
            labels[i] = (int) label;
        }
        return labels;
    }
}
