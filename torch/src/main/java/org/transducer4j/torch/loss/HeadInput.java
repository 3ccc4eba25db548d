package org.transducer4j.torch.loss;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.torch.Tensors;

/**
 * A padded batch as networks make it; the loss reads only what isn't padding. All tensors are float32, on the CPU, contiguous.
 *
 * @param encoder (B, Tmax, H)
 * @param predictor (B, Umax+1, H): row u is the predictor's output after u labels
 * @param weight (V, H) of the output layer
 * @param bias (V) of the output layer
 * @param activation f in W f(e + p) + b
 * @param frames B numbers T, each in 1..Tmax. Copied on the way in and out
 * @param labels B arrays of U labels. Copied on the way in and out
 * @param names what error messages call the utterances
 * @param bands which nodes of each lattice exist; null for all
 */
@SuppressWarnings("ArrayRecordComponent")
public record HeadInput(
        Tensor encoder,
        Tensor predictor,
        Tensor weight,
        Tensor bias,
        Activation activation,
        int[] frames,
        int[][] labels,
        List<String> names,
        @Nullable List<Band> bands) {
    /**
     * Over full lattices.
     *
     * @param encoder (B, Tmax, H)
     * @param predictor (B, Umax+1, H)
     * @param weight (V, H)
     * @param bias (V)
     * @param activation f
     * @param frames B numbers T
     * @param labels B arrays of U labels
     * @param names of the utterances
     */
    public HeadInput(
            Tensor encoder,
            Tensor predictor,
            Tensor weight,
            Tensor bias,
            Activation activation,
            int[] frames,
            int[][] labels,
            List<String> names) {
        this(encoder, predictor, weight, bias, activation, frames, labels, names, null);
    }

    /**
     * Over full lattices, of utterances that error messages call 0, 1, ...
     *
     * @param encoder (B, Tmax, H)
     * @param predictor (B, Umax+1, H)
     * @param weight (V, H)
     * @param bias (V)
     * @param activation f
     * @param frames B numbers T
     * @param labels B arrays of U labels
     */
    public HeadInput(
            Tensor encoder,
            Tensor predictor,
            Tensor weight,
            Tensor bias,
            Activation activation,
            int[] frames,
            int[][] labels) {
        this(encoder, predictor, weight, bias, activation, frames, labels, numbers(labels.length));
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /**
     * Over bands of the lattices.
     *
     * @param limits which nodes exist, B bands
     * @return the same input with these
     */
    public HeadInput within(List<Band> limits) {
        return new HeadInput(encoder, predictor, weight, bias, activation, frames, labels, names, limits);
    }

    /**
     * Checks that the shapes fit one another.
     *
     * @throws IllegalArgumentException if they don't, or a tensor is closed or undefined
     */
    public HeadInput {
        frames = frames.clone();
        labels = copy(labels);
        names = List.copyOf(names);
        bands = bands == null ? null : List.copyOf(bands);
        require("encoder", encoder, 3);
        require("predictor", predictor, 3);
        require("weight", weight, 2);
        require("bias", bias, 1);
        long b = encoder.size(0);
        long h = encoder.size(2);
        requireEqual("predictor's batch", predictor.size(0), "encoder's", b);
        requireEqual("number of frame counts", frames.length, "encoder's batch", b);
        requireEqual("number of transcripts", labels.length, "encoder's batch", b);
        if (bands != null) {
            requireEqual("number of bands", bands.size(), "encoder's batch", b);
        }
        requireEqual("number of names", names.size(), "encoder's batch", b);
        requireEqual("predictor's width", predictor.size(2), "encoder's", h);
        requireEqual("weight's width", weight.size(1), "encoder's", h);
        requireEqual("bias's size", bias.size(0), "weight's number of rows", weight.size(0));
        for (int i = 0; i < b; i++) {
            if (frames[i] < 1 || frames[i] > encoder.size(1)) {
                throw new IllegalArgumentException("utterance " + names.get(i) + ": " + frames[i]
                        + " frames, the encoder output holds 1 to " + encoder.size(1));
            }
            if (labels[i].length + 1 > predictor.size(1)) {
                throw new IllegalArgumentException("utterance " + names.get(i) + ": " + labels[i].length
                        + " labels need as many predictor rows and one more, there are " + predictor.size(1));
            }
        }
    }

    private static int[][] copy(int[][] labels) {
        return Arrays.stream(labels).map(int[]::clone).toArray(int[][]::new);
    }

    @Override
    public int[] frames() {
        return frames.clone();
    }

    @Override
    public int[][] labels() {
        return copy(labels);
    }

    private static void require(String name, Tensor tensor, int dimensions) {
        Tensors.requireOpen(name, tensor);
        if (tensor.dim() != dimensions) {
            throw new IllegalArgumentException(name + " must have " + dimensions + " dimensions, its shape is "
                    + Arrays.toString(Tensors.shape(tensor)));
        }
    }

    private static void requireEqual(String what, long found, String as, long expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    "the " + what + " must equal the " + as + " " + expected + ", it is " + found);
        }
    }
}
