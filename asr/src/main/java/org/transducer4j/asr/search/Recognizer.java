package org.transducer4j.asr.search;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.Resampler;
import org.transducer4j.speech.feature.Fbank;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.Tokens;
import org.transducer4j.torch.Tensors;

/** Sound to text with a trained model. Not thread-safe. */
public final class Recognizer {
    private final TransducerModel model;
    private final Tokens tokens;
    private final Fbank fbank;
    private final Decoder decoder;

    /**
     * @param model a model
     * @param tokens its tokens
     */
    public Recognizer(TransducerModel model, Tokens tokens) {
        this.model = model;
        this.tokens = tokens;
        fbank = new Fbank(model.config().fbank());
        decoder = Decoder.of(model);
    }

    /**
     * @param checkpoint a checkpoint or a training folder, whose best model is taken
     * @return a recogniser
     * @throws org.transducer4j.speech.BadInputException if there is no checkpoint or it isn't whole
     */
    public static Recognizer load(Path checkpoint) {
        Checkpoint read = Checkpoint.read(checkpoint);
        return new Recognizer(read.model(), read.tokens());
    }

    /**
     * @param audio at any rate
     * @return what is said
     * @throws IllegalArgumentException if it is too short for a frame
     */
    public Transcript recognize(Audio audio) {
        Audio resampled = Resampler.resample(audio, fbank.options().sampleRate());
        return recognize(List.of(fbank.compute(resampled.samples()))).getFirst();
    }

    /**
     * @param utterances features of a batch
     * @return what is said in each
     */
    public List<Transcript> recognize(List<Features> utterances) {
        return hypotheses(FeatureBatch.of(utterances, model.scaling())).stream()
                .map(this::transcript)
                .toList();
    }

    /**
     * @param batch scaled features
     * @return what is found in each utterance
     */
    List<Hypothesis> hypotheses(FeatureBatch batch) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            return search(model.encode(model.input(batch), null, false).output(), batch.frames());
        }
    }

    /**
     * @param encoded encoder outputs (B, T, H)
     * @param frames B numbers of frames that count
     * @return what is found in each utterance
     */
    public List<Hypothesis> search(Tensor encoded, int[] frames) {
        float[] rows = Tensors.toArray(encoded);
        int padded = (int) encoded.size(1);
        List<Hypothesis> found = new ArrayList<>();
        for (int b = 0; b < frames.length; b++) {
            Search search = new Search();
            decoder.advance(search, rows, b * padded, frames[b]);
            found.add(search.hypothesis());
        }
        return found;
    }

    /**
     * @param hypothesis what was found
     * @return its text and times
     */
    public Transcript transcript(Hypothesis hypothesis) {
        List<TimedToken> timed = new ArrayList<>();
        for (int i = 0; i < hypothesis.tokens().length; i++) {
            double start = hypothesis.frames()[i] * model.config().frameSeconds();
            timed.add(new TimedToken(tokens.piece(hypothesis.tokens()[i]), Math.round(start * 1000) / 1000.0));
        }
        return new Transcript(tokens.decode(hypothesis.tokens()), timed);
    }

    /**
     * @return the model
     */
    public TransducerModel model() {
        return model;
    }

    /**
     * @return its tokens
     */
    public Tokens tokens() {
        return tokens;
    }
}
