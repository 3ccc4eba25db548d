package org.transducer4j.asr.search;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.predictor.Predictor;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.torch.Tensors;

/**
 * A transducer as searches see it: plain Java on the encoder's output, one row of the joint network at a time, with the
 * predictor's outputs kept by context. So a result doesn't depend on the batch it was computed in.
 */
final class JointDecodingModel implements DecodingModel {
    /** Bytes of predictor outputs that all searches of a model keep together. */
    private static final long CACHE_BYTES = 32L << 20;

    private final TransducerModel model;
    private final OutputLayer output;
    private final PredictionCache predictions;
    private final int blank;
    private final Activation activation;
    private final boolean hat;
    private final float[] hidden;
    private final float[] logits;

    /** The labels so far, and the predictor's output after them. */
    private record Said(Predictor.History labels, float[] prediction) implements Context {}

    /** Weights of the output layer are read now, those of the predictor when a context is new. */
    JointDecodingModel(TransducerModel model, @Nullable KernelProvider provider) {
        this(model, new OutputLayer(model.output(), provider));
    }

    private JointDecodingModel(TransducerModel model, OutputLayer output) {
        this(model, output, new PredictionCache(CACHE_BYTES, output.width()));
    }

    private JointDecodingModel(TransducerModel model, OutputLayer output, PredictionCache predictions) {
        this.model = model;
        this.output = output;
        this.predictions = predictions;
        ModelConfig config = model.config();
        blank = config.blank();
        activation = config.activation();
        hat = config.criterion() == ModelConfig.Criterion.HAT;
        hidden = new float[output.width()];
        logits = new float[output.vocabulary()];
    }

    /** The same weights and predictions, scratch memory of its own. */
    JointDecodingModel view() {
        return new JointDecodingModel(model, output, predictions);
    }

    @Override
    public int vocabulary() {
        return output.vocabulary();
    }

    @Override
    public int blank() {
        return blank;
    }

    @Override
    public int width() {
        return output.width();
    }

    @Override
    public boolean labelTakesFrame() {
        return model.config().size().topology().labelTakesFrame();
    }

    @Override
    public boolean mergesRepeats() {
        return false;
    }

    @Override
    public Context start() {
        return said(model.predictor().start());
    }

    @Override
    public Context step(Context before, int label) {
        return said(model.predictor().step(((Said) before).labels, label));
    }

    private Said said(Predictor.History labels) {
        return new Said(labels, predictions.get(labels, () -> predict(labels)));
    }

    private float[] predict(Predictor.History labels) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            return Tensors.toArray(model.predictor().outputs(List.of(labels)).contiguous());
        }
    }

    @Override
    public void logProbs(float[] encoded, int frame, Context context, float[] into) {
        score(encoded, frame, context, into);
        if (hat) {
            OutputLayer.logSoftmaxApartFrom(blank, into);
        } else {
            OutputLayer.logSoftmax(into);
        }
    }

    @Override
    public int best(float[] encoded, int frame, Context context) {
        score(encoded, frame, context, logits);
        return hat ? OutputLayer.bestApartFrom(blank, logits) : OutputLayer.best(logits);
    }

    private void score(float[] encoded, int frame, Context context, float[] into) {
        float[] prediction = ((Said) context).prediction;
        int offset = frame * hidden.length;
        for (int h = 0; h < hidden.length; h++) {
            hidden[h] = (float) activation.apply(encoded[offset + h] + prediction[h]);
        }
        output.score(hidden, 0, into);
    }
}
