package org.transducer4j.asr.search;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.Resampler;
import org.transducer4j.speech.feature.Fbank;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.Tensors;

/**
 * Sound to text with a trained model.
 *
 * <p>Thread-safe: any number of threads may recognise at once, and share the weights. It may be closed while others recognise: what has begun is
 * finished, and the native memory is freed with the last of them. Afterwards every method that needs the model
 * throws {@link IllegalStateException}.
 */
public final class Recognizer implements AutoCloseable {
    private final TransducerModel model;
    private final Tokenizer tokens;
    private final Fbank fbank;
    private final SearchMethod method;
    private final Supplier<? extends DecodingModel> decoding;
    private final Gate gate;

    /**
     * Greedy search over a model that stays the caller's: closing the recogniser doesn't free it.
     *
     * @param model a model; its weights are read now, and must not change as long as the recogniser is used
     * @param tokens its tokens
     */
    public Recognizer(TransducerModel model, Tokenizer tokens) {
        this(model, tokens, new Greedy());
    }

    /**
     * A search over a model that stays the caller's: closing the recogniser doesn't free it.
     *
     * @param model a model; its weights are read now, and must not change as long as the recogniser is used
     * @param tokens its tokens
     * @param method how to search
     */
    public Recognizer(TransducerModel model, Tokenizer tokens, SearchMethod method) {
        this(model, tokens, method, null, () -> {});
    }

    private Recognizer(
            TransducerModel model,
            Tokenizer tokens,
            SearchMethod method,
            @Nullable KernelProvider provider,
            Runnable free) {
        this.model = model;
        this.tokens = tokens;
        this.method = method;
        fbank = new Fbank(model.config().fbank());
        gate = new Gate("recogniser", free);
        decoding = switch (model.config().criterion()) {
            case TRANSDUCER, HAT -> new JointDecodingModel(model, provider)::view;
            case CTC -> new CtcDecodingModel(model, provider)::view;
        };
    }

    /**
     * Opens a checkpoint for greedy search.
     *
     * @param checkpoint a checkpoint file, or a folder of a training, whose best model is taken, or of an export
     * @return a recogniser that owns its model: closing it frees the memory
     * @throws BadInputException if there is no checkpoint or it isn't whole
     */
    public static Recognizer open(Path checkpoint) {
        return open(checkpoint, new Greedy());
    }

    /**
     * Opens a checkpoint.
     *
     * @param checkpoint a checkpoint file, or a folder of a training, whose best model is taken, or of an export
     * @param method how to search
     * @return a recogniser that owns its model: closing it frees the memory
     * @throws BadInputException if there is no checkpoint or it isn't whole
     */
    public static Recognizer open(Path checkpoint, SearchMethod method) {
        return open(Checkpoint.read(checkpoint), method, null);
    }

    /** With an output layer by a provider's kernels; null: plain Java. */
    static Recognizer open(Checkpoint checkpoint, SearchMethod method, @Nullable KernelProvider provider) {
        TransducerModel model = checkpoint.model();
        return new Recognizer(
                model,
                checkpoint.tokens(),
                method,
                provider,
                () -> model.parameters().close());
    }

    /**
     * Recognises a sound file.
     *
     * @param soundFile of a format that can be read, at any rate
     * @return what is said
     * @throws BadInputException if it can't be read, or is too short for a frame
     * @throws IllegalStateException if the recogniser is closed
     */
    public Transcript recognize(Path soundFile) {
        return whileOpen(() -> {
            Audio audio = AudioFiles.read(soundFile);
            Features features = features(audio);
            if (features.frames() == 0) {
                throw new BadInputException(
                        soundFile + ": " + audio.seconds() + " s are too short for a single frame of features");
            }
            return transcripts(List.of(features)).getFirst();
        });
    }

    /**
     * Recognises a sound.
     *
     * @param audio at any rate
     * @return what is said
     * @throws IllegalArgumentException if it is too short for a frame
     * @throws IllegalStateException if the recogniser is closed
     */
    public Transcript recognize(Audio audio) {
        return whileOpen(() -> transcripts(List.of(features(audio))).getFirst());
    }

    private Features features(Audio audio) {
        return fbank.compute(
                Resampler.resample(audio, fbank.options().sampleRate()).samples());
    }

    /**
     * Recognises a batch.
     *
     * @param utterances features of each
     * @return what is said in each
     * @throws IllegalArgumentException if one has no frame, or not as many bins as the model
     * @throws IllegalStateException if the recogniser is closed
     */
    public List<Transcript> recognize(List<Features> utterances) {
        return whileOpen(() -> utterances.isEmpty() ? List.of() : transcripts(utterances));
    }

    private List<Transcript> transcripts(List<Features> utterances) {
        FeatureBatch batch = model.batch(utterances);
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Tensor encoded = model.encode(batch, false).output();
            return found(encoded, batch.frames()).stream().map(this::transcript).toList();
        }
    }

    /**
     * Searches what the model's encoder gave.
     *
     * @param encoded encoder outputs (B, T, H)
     * @param frames B numbers of frames that count
     * @return what is found in each utterance
     * @throws IllegalStateException if the recogniser is closed
     */
    public List<Hypothesis> search(Tensor encoded, int[] frames) {
        return whileOpen(() -> found(encoded, frames));
    }

    private List<Hypothesis> found(Tensor encoded, int[] frames) {
        float[] rows = Tensors.toArray(encoded);
        int padded = (int) encoded.size(1);
        List<Hypothesis> found = new ArrayList<>();
        for (int b = 0; b < frames.length; b++) {
            Search search = method.begin(decoding.get());
            search.advance(rows, b * padded, frames[b]);
            found.add(search.best());
        }
        return found;
    }

    /**
     * Begins a search of one utterance.
     *
     * @return a search that has seen no frame; {@link Search#advance} it within {@link #whileOpen}
     * @throws IllegalStateException if the recogniser is closed
     */
    public Search begin() {
        return whileOpen(() -> method.begin(decoding.get()));
    }

    /**
     * Does some work during which the model isn't freed: for what uses {@link #model()} while others may close the recogniser.
     *
     * @param work what to do
     * @param <R> what it gives
     * @return what it gave
     * @throws IllegalStateException if the recogniser is closed
     */
    public <R> R whileOpen(Supplier<R> work) {
        return gate.within(work);
    }

    /**
     * Puts tokens together.
     *
     * @param hypothesis what was found
     * @return its text and times
     */
    public Transcript transcript(Hypothesis hypothesis) {
        List<TimedToken> timed = new ArrayList<>();
        for (int i = 0; i < hypothesis.tokens().length; i++) {
            double start = hypothesis.frames()[i] * model.frameSeconds();
            timed.add(new TimedToken(tokens.piece(hypothesis.tokens()[i]), Math.round(start * 1000) / 1000.0));
        }
        return new Transcript(tokens.decode(hypothesis.tokens()), timed);
    }

    /**
     * The model.
     *
     * @return the model; not to be used when the recogniser that owns it is closed
     */
    public TransducerModel model() {
        return model;
    }

    /**
     * The tokens.
     *
     * @return the model's
     */
    public Tokenizer tokens() {
        return tokens;
    }

    /** Refuses further use, and frees the model's memory if this recogniser opened it. Closing it again does nothing. */
    @Override
    public void close() {
        gate.close();
    }
}
