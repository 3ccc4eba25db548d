package org.transducer4j.asr.search;

import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.kernel.KernelProvider;

/** A CTC model as searches see it: the encoder's output through the CTC branch, whatever was said before. */
final class CtcDecodingModel implements DecodingModel {
    private static final Context NOTHING = new Context() {};

    private final OutputLayer output;
    private final int blank;
    private final float[] logits;

    /** Weights are read now. */
    CtcDecodingModel(TransducerModel model, @Nullable KernelProvider provider) {
        this(new OutputLayer(model.ctc(), provider), model.config().blank());
    }

    private CtcDecodingModel(OutputLayer output, int blank) {
        this.output = output;
        this.blank = blank;
        logits = new float[output.vocabulary()];
    }

    /** The same weights, scratch memory of its own. */
    CtcDecodingModel view() {
        return new CtcDecodingModel(output, blank);
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
        return true;
    }

    @Override
    public boolean mergesRepeats() {
        return true;
    }

    @Override
    public Context start() {
        return NOTHING;
    }

    @Override
    public Context step(Context before, int label) {
        return before;
    }

    @Override
    public void logProbs(float[] encoded, int frame, Context context, float[] into) {
        output.score(encoded, frame * width(), into);
        OutputLayer.logSoftmax(into);
    }

    @Override
    public int best(float[] encoded, int frame, Context context) {
        output.score(encoded, frame * width(), logits);
        return OutputLayer.best(logits);
    }
}
