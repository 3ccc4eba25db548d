package org.transducer4j.asr.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.encoder.Encoded;
import org.transducer4j.asr.encoder.Encoder;
import org.transducer4j.asr.encoder.EncoderState;
import org.transducer4j.asr.predictor.Predictor;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Linear;
import org.transducer4j.torch.loss.HeadInput;

/**
 * A transducer: an encoder and a predictor, which meet in the joint network. Which ones they are is the configuration's.
 */
public final class TransducerModel {
    private final ModelConfig config;
    private final FeatureScaling scaling;
    private final ParameterSet parameters;
    private final Encoder encoder;
    private final Predictor predictor;
    private final Linear output;
    private final Map<String, Linear> branches = new HashMap<>();

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
        parameters = new ParameterSet(seed);
        encoder = size.encoder().build(parameters, "encoder", config.fbank().bins(), size.jointWidth());
        predictor =
                size.predictor().build(parameters, "predictor", config.vocabulary(), config.blank(), size.jointWidth());
        output = new Linear(parameters, "joint.output", size.jointWidth(), config.vocabulary());
        for (String name : config.branches()) {
            branches.put(name, new Linear(parameters, name, size.jointWidth(), config.vocabulary()));
        }
        parameters.seal();
    }

    /**
     * Puts utterances together for the encoder.
     *
     * @param utterances their features
     * @return the batch, scaled and padded
     * @throws IllegalArgumentException if one has other bins, or is too short for a frame of the encoder
     */
    public FeatureBatch batch(List<Features> utterances) {
        return FeatureBatch.of(utterances, scaling, encoder);
    }

    /**
     * Runs the encoder over whole utterances.
     *
     * @param batch scaled features
     * @param training whether dropout acts, and a way back is kept
     * @return (B, T', H), and the way back
     */
    public Encoded encode(FeatureBatch batch, boolean training) {
        return encode(batch, null, training);
    }

    /**
     * Runs the encoder over a chunk of each of its streams.
     *
     * @param batch scaled features; all but the last chunk of a stream are a multiple of {@link Encoder#framesPerOutput} long
     * @param before the state after the chunk before, or null at the beginning
     * @param training whether dropout acts, and a way back is kept
     * @return (B, T', H), the state and the way back
     * @throws IllegalStateException if the encoder's output isn't as wide as the joint network
     */
    public Encoded encode(FeatureBatch batch, @Nullable EncoderState before, boolean training) {
        Tensor features = Tensors.of(batch.values(), batch.batch(), batch.paddedFrames(), batch.bins());
        Encoded encoded = Encoded.of(encoder, features, batch.featureFrames(), before, training);
        requireWidth("encoder " + config.size().encoder().name(), encoded.output());
        return encoded;
    }

    private void requireWidth(String what, Tensor output) {
        int width = config.size().jointWidth();
        if (output.dim() != 3 || output.size(2) != width) {
            throw new IllegalStateException(what + " must give (batch, rows, " + width + "), it gave "
                    + Arrays.toString(Tensors.shape(output)));
        }
    }

    /**
     * Runs the predictor over transcripts.
     *
     * @param labels B transcripts
     * @param training whether dropout acts
     * @return (B, Umax+1, H)
     * @throws IllegalStateException if the predictor's output isn't as wide as the joint network
     */
    public Tensor predict(int[][] labels, boolean training) {
        Tensor predicted = predictor.forward(labels, training);
        requireWidth("predictor " + config.size().predictor().name(), predicted);
        return predicted.contiguous();
    }

    /**
     * The time between two frames of the encoder's output.
     *
     * @return seconds
     */
    public double frameSeconds() {
        return config.fbank().frameShiftMs() * encoder.framesPerOutput() / 1000;
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
     * The encoder.
     *
     * @return the first half; {@link #encode} runs it
     */
    public Encoder encoder() {
        return encoder;
    }

    /**
     * The predictor.
     *
     * @return the second half, label by label for searches; {@link #predict} runs it over transcripts
     */
    public Predictor predictor() {
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
        return branch(ModelConfig.CTC_BRANCH);
    }

    /**
     * An output layer that a criterion asked for.
     *
     * @param name of the branch
     * @return from the joint width to the vocabulary
     * @throws IllegalStateException if the model has none of that name
     */
    public Linear branch(String name) {
        Linear branch = branches.get(name);
        if (branch == null) {
            throw new IllegalStateException("the model has no " + name + ", its branches are " + config.branches());
        }
        return branch;
    }
}
