package org.transducer4j.asr.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.ModelConfig.Branch;
import org.transducer4j.asr.predictor.StatelessPredictor;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.CausalSubsampling;
import org.transducer4j.torch.layer.LayerNorm;
import org.transducer4j.torch.layer.Linear;
import org.transducer4j.torch.layer.LstmLayer;
import org.transducer4j.torch.loss.HeadInput;

/**
 * A streaming transducer: convolutional subsampling by 4, unidirectional LSTM layers with residual connections and layer
 * normalisation in front, a stateless predictor that sees two labels, and the joint network's output layer.
 *
 * <p>Encoder frame k depends on feature frames up to 4k+3 and nothing later, so running it in chunks with the state handed on gives what running it over the whole
 * gives.
 */
public final class TransducerModel {
    private static final String CTC = "ctc";
    private static final String SIMPLE_ENCODER = "simple.encoder";
    private static final String SIMPLE_PREDICTOR = "simple.predictor";

    private final ModelConfig config;
    private final FeatureScaling scaling;
    private final ParameterSet parameters;
    private final CausalSubsampling subsampling;
    private final List<LayerNorm> norms = new ArrayList<>();
    private final List<LstmLayer> layers = new ArrayList<>();
    private final LayerNorm lastNorm;
    private final Linear projection;
    private final StatelessPredictor predictor;
    private final Linear output;
    private final Map<String, Linear> branches = new HashMap<>();

    /**
     * What the encoder carries from one chunk to the next.
     *
     * @param subsampling of the convolutions
     * @param layers of the LSTM layers
     */
    public record State(CausalSubsampling.State subsampling, List<LstmLayer.State> layers) {}

    /**
     * Encoder output of a chunk.
     *
     * @param output (B, T/4, H), projected to the joint width
     * @param state for the next chunk
     */
    public record Encoded(Tensor output, State state) {}

    /**
     * A model with fresh weights.
     *
     * @param config what to build
     * @param scaling of the features
     * @param seed of the weights
     */
    public TransducerModel(ModelConfig config, FeatureScaling scaling, long seed) {
        this.config = config;
        this.scaling = scaling;
        ModelOptions size = config.size();
        int width = size.encoderWidth();
        parameters = new ParameterSet(seed);
        subsampling = new CausalSubsampling(
                parameters, "encoder.subsampling", config.fbank().bins(), size.channels(), width);
        for (int i = 0; i < size.encoderLayers(); i++) {
            norms.add(new LayerNorm(parameters, "encoder.norm" + i, width));
            layers.add(new LstmLayer(parameters, "encoder.lstm" + i, width, width));
        }
        lastNorm = new LayerNorm(parameters, "encoder.norm", width);
        projection = new Linear(parameters, "encoder.projection", width, size.jointWidth());
        predictor = new StatelessPredictor(
                parameters, "predictor", config.vocabulary(), config.blank(), size.predictorWidth(), size.jointWidth());
        output = new Linear(parameters, "joint.output", size.jointWidth(), config.vocabulary());
        if (config.branches().contains(Branch.CTC)) {
            branch(CTC);
        }
        if (config.branches().contains(Branch.SIMPLE)) {
            branch(SIMPLE_ENCODER);
            branch(SIMPLE_PREDICTOR);
        }
        parameters.seal();
    }

    private void branch(String name) {
        branches.put(name, new Linear(parameters, name, config.size().jointWidth(), config.vocabulary()));
    }

    private Linear named(String name) {
        Linear branch = branches.get(name);
        if (branch == null) {
            throw new IllegalStateException("the model has no " + name + ", its branches are " + config.branches());
        }
        return branch;
    }

    /**
     * Features as a tensor.
     *
     * @param batch scaled features
     * @return (B, T, bins)
     */
    public Tensor input(FeatureBatch batch) {
        return Tensors.of(batch.values(), batch.batch(), batch.paddedFrames(), batch.bins());
    }

    /**
     * Runs the encoder.
     *
     * @param features (B, T, bins), scaled, T a multiple of 4
     * @param before the state after the chunk before, or null at the beginning
     * @param training whether dropout acts
     * @return (B, T/4, H) and the state
     */
    public Encoded encode(Tensor features, @Nullable State before, boolean training) {
        double dropout = config.size().dropout();
        CausalSubsampling.Result subsampled =
                subsampling.forward(features, before == null ? null : before.subsampling());
        Tensor x = subsampled.output();
        List<LstmLayer.State> states = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            LstmLayer.Result result = layers.get(i)
                    .forward(
                            norms.get(i).forward(x),
                            before == null ? null : before.layers().get(i));
            states.add(result.state());
            Tensor y = training && dropout > 0 ? torch.dropout(result.output(), dropout, true) : result.output();
            x = x.add(y);
        }
        Tensor encoded = projection.forward(lastNorm.forward(x)).contiguous();
        return new Encoded(encoded, new State(subsampled.state(), states));
    }

    /**
     * Runs the predictor over transcripts.
     *
     * @param labels B transcripts
     * @param training whether dropout acts
     * @return (B, Umax+1, H)
     */
    public Tensor predict(int[][] labels, boolean training) {
        return predictor
                .forward(labels, training ? config.size().contextDropout() : 0)
                .contiguous();
    }

    /**
     * What the loss is computed from.
     *
     * @param encoded (B, T, H) from the encoder
     * @param frames B numbers of frames that count
     * @param labels B transcripts
     * @param names what error messages call the utterances
     * @param training whether the predictor's dropout acts
     * @return the joint network's inputs and weights
     */
    public HeadInput headInput(Tensor encoded, int[] frames, int[][] labels, List<String> names, boolean training) {
        return new HeadInput(
                encoded,
                predict(labels, training),
                output.weight(),
                output.bias(),
                config.activation(),
                frames,
                labels,
                names);
    }

    /**
     * @return what was built
     */
    public ModelConfig config() {
        return config;
    }

    /**
     * @return the scaling of its features
     */
    public FeatureScaling scaling() {
        return scaling;
    }

    /**
     * @return all weights
     */
    public ParameterSet parameters() {
        return parameters;
    }

    /**
     * @return the predictor
     */
    public StatelessPredictor predictor() {
        return predictor;
    }

    /**
     * @return the joint network's last layer, weight (V, H) and bias (V)
     */
    public Linear output() {
        return output;
    }

    /**
     * @return the CTC branch, on the encoder's output
     * @throws IllegalStateException if the model has none
     */
    public Linear ctc() {
        return named(CTC);
    }

    /**
     * @return the encoder's half of the simple joiner
     * @throws IllegalStateException if the model has none
     */
    public Linear simpleEncoder() {
        return named(SIMPLE_ENCODER);
    }

    /**
     * @return the predictor's half of the simple joiner
     * @throws IllegalStateException if the model has none
     */
    public Linear simplePredictor() {
        return named(SIMPLE_PREDICTOR);
    }
}
