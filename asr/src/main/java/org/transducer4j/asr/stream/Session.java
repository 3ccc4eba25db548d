package org.transducer4j.asr.stream;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.encoder.Encoded;
import org.transducer4j.asr.encoder.EncoderState;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.search.Hypothesis;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.asr.search.Search;
import org.transducer4j.asr.search.Transcript;
import org.transducer4j.speech.audio.ResamplerStream;
import org.transducer4j.speech.feature.Fbank;
import org.transducer4j.speech.feature.FbankStream;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.torch.Tensors;

/**
 * A stream of sound on its way to text. However the sound is cut, the result is that of the whole: resampling and features carry samples
 * over to the bit, the encoder its state, the search its hypothesis.
 *
 * <p>Sessions share nothing but the model. One may be used by several threads, one call after the other. It holds native memory between
 * calls: {@link #finish()} and {@link #close()} free it.
 */
public final class Session implements AutoCloseable {
    /** Feature frames that go through the encoder at once, at most: it bounds what a call holds, however much sound it is given. */
    private static final int PIECE = 400;

    private enum Stage {
        OPEN("open"),
        FINISHED("finished"),
        CLOSED("closed");

        private final String word;

        Stage(String word) {
            this.word = word;
        }
    }

    private final Recognizer recognizer;
    private final TransducerModel model;
    private final FbankStream fbank;
    private final Search search;
    private final int sampleRate;
    private final int bins;
    private @Nullable ResamplerStream resampler;
    private int heardRate;
    private float[] waiting = new float[0]; // feature frames that don't make up an encoder frame yet
    private @Nullable EncoderState state;
    private @Nullable PointerScope held; // the state's memory
    private Stage stage = Stage.OPEN;

    Session(Recognizer recognizer) {
        this.recognizer = recognizer;
        model = recognizer.model();
        search = recognizer.begin();
        Fbank whole = new Fbank(model.config().fbank());
        fbank = new FbankStream(whole);
        sampleRate = whole.options().sampleRate();
        bins = whole.options().bins();
    }

    /**
     * Hears more.
     *
     * @param samples in [-1, 1], any number of them; not changed, not kept
     * @param rate of the samples in Hz: the same in every call
     * @throws IllegalArgumentException if the rate isn't positive, or isn't that of the calls before
     * @throws IllegalStateException if the session is finished or closed, or its recogniser is closed
     */
    public synchronized void accept(float[] samples, int rate) {
        Objects.requireNonNull(samples, "samples");
        require(Stage.OPEN);
        if (resampler == null) {
            resampler = new ResamplerStream(rate, sampleRate);
            heardRate = rate;
        } else if (rate != heardRate) {
            throw new IllegalArgumentException(
                    "the session's sound has " + heardRate + " Hz, it can't go on at " + rate + " Hz");
        }
        ResamplerStream resampling = resampler;
        work(() -> hear(fbank.accept(resampling.accept(samples)), false));
    }

    /**
     * What was said so far, as far as it is known now: a search may still change its mind.
     *
     * @return text and times
     * @throws IllegalStateException if the session is closed
     */
    public synchronized Transcript partial() {
        return recognizer.transcript(hypothesis());
    }

    /**
     * The same as {@link #partial()} in tokens and frames.
     *
     * @return ids, and the encoder frames from the beginning of the session
     * @throws IllegalStateException if the session is closed
     */
    public synchronized Hypothesis hypothesis() {
        if (stage == Stage.CLOSED) {
            throw refused();
        }
        return search.best();
    }

    /**
     * Ends the sound and frees the native memory. Called again, it gives the same.
     *
     * @return what was said: what {@link Recognizer#recognize(org.transducer4j.speech.audio.Audio)} says of the whole sound; nothing, where that is too short for a frame
     * @throws IllegalStateException if the session is closed, or its recogniser is
     */
    public synchronized Transcript finish() {
        if (stage == Stage.OPEN) {
            work(() -> {
                if (resampler != null) {
                    hear(fbank.accept(resampler.finish()), false);
                }
                hear(fbank.finish(), true);
            });
            stage = Stage.FINISHED;
            free();
        }
        return partial();
    }

    /** Ends the session without a result and frees the native memory. Closing it again does nothing. */
    @Override
    public synchronized void close() {
        stage = Stage.CLOSED;
        free();
    }

    private void require(Stage wanted) {
        if (stage != wanted) {
            throw refused();
        }
    }

    private IllegalStateException refused() {
        return new IllegalStateException("the session is " + stage.word);
    }

    /** A session that failed half-way would go on with a part of its sound missing: it is closed. */
    private void work(Runnable step) {
        boolean done = false;
        try {
            recognizer.whileOpen(() -> {
                step.run();
                return true;
            });
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private void hear(Features features, boolean last) {
        int before = waiting.length;
        waiting = Arrays.copyOf(waiting, Math.addExact(before, features.values().length));
        System.arraycopy(features.values(), 0, waiting, before, features.values().length);
        int there = waiting.length / bins;
        int pace = model.encoder().framesPerOutput();
        int ready = last ? there : there - there % pace;
        int piece = Math.max(1, PIECE / pace) * pace;
        for (int from = 0; from < ready; from += piece) {
            int to = Math.min(ready, from + piece);
            encode(new Features(to - from, bins, Arrays.copyOfRange(waiting, from * bins, to * bins)));
        }
        waiting = Arrays.copyOfRange(waiting, ready * bins, waiting.length);
    }

    private void encode(Features features) {
        FeatureBatch batch = model.batch(List.of(features));
        PointerScope scope = new PointerScope();
        try (scope;
                NoGradGuard _ = new NoGradGuard()) {
            Encoded encoded = model.encode(batch, state, false);
            search.advance(Tensors.toArray(encoded.output()), 0, batch.frames()[0]);
            state = encoded.state();
            scope.extend(); // this close leaves the state's memory, the next one frees it
        }
        free();
        held = scope;
    }

    private void free() {
        if (held != null) {
            held.close();
            held = null;
        }
    }
}
