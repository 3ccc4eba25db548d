package org.transducer4j.speech.corpus;

import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Seeds;
import org.transducer4j.speech.audio.Resampler;
import org.transducer4j.speech.feature.Augment;
import org.transducer4j.speech.feature.AugmentOptions;
import org.transducer4j.speech.feature.Fbank;
import org.transducer4j.speech.feature.FbankOptions;
import org.transducer4j.speech.feature.Features;

/**
 * From a manifest's line to features: reads the sound, resamples it to the model's rate, varies it in training, computes
 * the filterbank. What is drawn depends on (seed, epoch, utterance) only, never on the batch it comes in, so utterances may be loaded in any order and by any
 * number of threads. Thread-safe.
 */
public final class FeatureLoader {
    private final Fbank fbank;
    private final @Nullable Augment augment;
    private final long seed;

    /**
     * @param fbank the features
     * @param augment how {@link #augmented} varies utterances; null: not at all
     * @param seed of what it draws
     */
    public FeatureLoader(FbankOptions fbank, @Nullable AugmentOptions augment, long seed) {
        this.fbank = new Fbank(fbank);
        this.augment = augment == null ? null : new Augment(augment, this.fbank);
        this.seed = seed;
    }

    /**
     * @return the filterbank
     */
    public Fbank fbank() {
        return fbank;
    }

    /**
     * @param entry what to load
     * @return its features as they are: at least one frame
     * @throws BadInputException naming the manifest's line and the sound file
     */
    public Features load(CorpusUtterance entry) {
        return check(entry, fbank.compute(samples(entry)));
    }

    /**
     * @param entry what to load
     * @param epoch another epoch draws another variation
     * @return its features, varied, at least one frame; and the speed, by which times in the utterance must be divided
     * @throws BadInputException naming the manifest's line and the sound file
     */
    public Augment.Varied augmented(CorpusUtterance entry, int epoch) {
        if (augment == null) {
            return new Augment.Varied(load(entry), 1);
        }
        Augment.Varied varied = augment.vary(samples(entry), Seeds.generator(seed, "augment", epoch, index(entry)));
        check(entry, varied.features());
        return varied;
    }

    /** What tells an utterance from the others of its corpus: its line, or its id where there are no lines. */
    private static long index(CorpusUtterance entry) {
        int line = entry.origin().line();
        if (line > 0) {
            return line;
        }
        long hash = -1;
        for (int i = 0; i < entry.id().length(); i++) {
            hash = hash * 31 + entry.id().charAt(i);
        }
        return hash;
    }

    private float[] samples(CorpusUtterance entry) {
        return Resampler.resample(entry.read(), fbank.options().sampleRate()).samples();
    }

    private static Features check(CorpusUtterance entry, Features features) {
        if (features.frames() == 0) {
            throw new BadInputException(entry.where() + ": " + entry.sound().file() + ": " + entry.duration()
                    + " s are too short for a single frame of features");
        }
        return features;
    }
}
