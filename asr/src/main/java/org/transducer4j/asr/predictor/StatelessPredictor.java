package org.transducer4j.asr.predictor;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Linear;

/**
 * The stateless predictor (Ghodsi et al. 2020; icefall's decoder): embeddings of the last {@value #CONTEXT} labels, a causal convolution over
 * them, written here as a linear layer on their concatenation, relu, and a projection to the joint width. Before the first label the context is blanks.
 */
public final class StatelessPredictor {
    /** The number of labels it sees. */
    public static final int CONTEXT = 2;

    private final Tensor embedding;
    private final Linear convolution;
    private final Linear projection;
    private final int width;
    private final int blank;

    /**
     * Creates the parameters.
     *
     * @param parameters where they go
     * @param name prefix of their names
     * @param vocabulary V
     * @param blank index of the blank symbol
     * @param width of embedding and convolution
     * @param joint H
     */
    public StatelessPredictor(ParameterSet parameters, String name, int vocabulary, int blank, int width, int joint) {
        this.width = width;
        this.blank = blank;
        embedding = parameters.weight(name + ".embedding.weight", 1, vocabulary, width);
        convolution = new Linear(parameters, name + ".conv", CONTEXT * width, width);
        projection = new Linear(parameters, name + ".projection", width, joint);
    }

    /**
     * Outputs for whole transcripts.
     *
     * @param labels B transcripts
     * @param contextDropout probability, in training, of a row's context being hidden; 0 for none. It keeps the encoder from
     *     leaving to the predictor what can be heard, such as that a word was said twice
     * @return (B, Umax+1, H): row u after u labels; rows behind a transcript are padding
     */
    public Tensor forward(int[][] labels, double contextDropout) {
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
        return contexts(context, labels.length, longest + 1, contextDropout);
    }

    /**
     * Outputs for given contexts.
     *
     * @param context B x rows x {@value #CONTEXT} labels, the oldest first
     * @param batch B
     * @param rows number of contexts an utterance
     * @return (B, rows, H)
     */
    public Tensor contexts(long[] context, int batch, int rows) {
        return contexts(context, batch, rows, 0);
    }

    private Tensor contexts(long[] context, int batch, int rows, double contextDropout) {
        Tensor x = torch.embedding(embedding, Tensors.indices(context, batch, rows, CONTEXT))
                .view(batch, rows, (long) CONTEXT * width);
        if (contextDropout > 0) {
            Tensor shown = torch.dropout(torch.ones(batch, rows, 1), contextDropout, true);
            x = x.mul(shown.mul(new Scalar(1 - contextDropout))); // dropout scales up, a context is shown as it is
        }
        return projection.forward(torch.relu(convolution.forward(x)));
    }
}
