package org.transducer4j.asr.predictor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Embedding;
import org.transducer4j.torch.layer.Linear;

/**
 * The stateless predictor (Ghodsi et al. 2020; icefall's decoder): embeddings of the last {@value #CONTEXT} labels, a causal convolution over
 * them, written here as a linear layer on their concatenation, relu, and a projection to the joint width. Before the first label the context is blanks.
 */
final class StatelessPredictor implements Predictor {
    /** The number of labels it sees. */
    static final int CONTEXT = 2;

    private final Embedding embedding;
    private final Linear convolution;
    private final Linear projection;
    private final int width;
    private final int blank;
    private final double contextDropout;

    /** The last labels, the oldest first. */
    private record Last(List<Integer> labels) implements History {}

    /** Creates the parameters. */
    StatelessPredictor(
            ParameterSet parameters, String name, int vocabulary, int blank, StatelessConfiguration how, int joint) {
        width = how.width();
        contextDropout = how.contextDropout();
        this.blank = blank;
        embedding = new Embedding(parameters, name + ".embedding", vocabulary, width);
        convolution = new Linear(parameters, name + ".conv", CONTEXT * width, width);
        projection = new Linear(parameters, name + ".projection", width, joint);
    }

    @Override
    public Tensor forward(int[][] labels, boolean training) {
        int longest = Arrays.stream(labels).mapToInt(l -> l.length).max().orElse(0);
        long[] context = new long[labels.length * (longest + 1) * CONTEXT];
        int at = 0;
        for (int[] transcript : labels) {
            for (int u = 0; u <= longest; u++) {
                for (int back = CONTEXT; back >= 1; back--) {
                    int i = u - back;
                    context[at++] = i < 0 || i >= transcript.length ? blank : transcript[i];
                }
            }
        }
        return contexts(context, labels.length, longest + 1, training ? contextDropout : 0);
    }

    @Override
    public History start() {
        return new Last(Collections.nCopies(CONTEXT, blank));
    }

    @Override
    public History step(History before, int label) {
        List<Integer> labels = new ArrayList<>(((Last) before).labels());
        labels.removeFirst();
        labels.add(label);
        return new Last(List.copyOf(labels));
    }

    @Override
    public Tensor outputs(List<History> histories) {
        long[] context = histories.stream()
                .flatMap(history -> ((Last) history).labels().stream())
                .mapToLong(Integer::longValue)
                .toArray();
        Tensor outputs = contexts(context, 1, histories.size(), 0);
        return outputs.view(histories.size(), outputs.size(2));
    }

    /** (B, rows, H) of B x rows x CONTEXT labels, the oldest first. */
    private Tensor contexts(long[] context, int batch, int rows, double hidden) {
        Tensor x = embedding
                .forward(Tensors.indices(context, batch, rows, CONTEXT))
                .view(batch, rows, (long) CONTEXT * width);
        if (hidden > 0) {
            Tensor shown = torch.dropout(torch.ones(batch, rows, 1), hidden, true);
            x = x.mul(shown.mul(new Scalar(1 - hidden))); // dropout scales up, a context is shown as it is
        }
        return projection.forward(torch.relu(convolution.forward(x)));
    }
}
