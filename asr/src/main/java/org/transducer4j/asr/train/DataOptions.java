package org.transducer4j.asr.train;

import org.transducer4j.speech.token.Tokenizers;

/**
 * How training data become batches.
 *
 * @param tokens {@code auto}, {@code word}, {@code char} or another tokenizer's name, or the path of a tokens.txt; auto takes words where
 *     the training transcripts have at most {@value Tokenizers#AUTO_WORDS} different ones, else characters ({@link Tokenizers#choose})
 * @param sampleRate of the model, in Hz; 0: 8000 where all training sound is below 16 kHz, else 16000
 * @param bins of the features; 0: the default of the rate
 * @param augment whether training utterances are varied (speed, vocal tract, gain, noise, masks)
 * @param maxDuration seconds of sound in a batch at most
 * @param buckets of like duration from which batches are filled
 */
public record DataOptions(String tokens, int sampleRate, int bins, boolean augment, double maxDuration, int buckets) {
    /** Checks each option. */
    public DataOptions {
        if (sampleRate != 0 && sampleRate != 8000 && sampleRate != 16000) {
            throw new IllegalArgumentException("sample rate must be 8000 or 16000, got " + sampleRate);
        }
        if (bins < 0) {
            throw new IllegalArgumentException("bins must be 0 (automatic) or more, got " + bins);
        }
        if (!(maxDuration > 0) || Double.isInfinite(maxDuration)) {
            throw new IllegalArgumentException("max duration must be positive and finite, got " + maxDuration);
        }
        if (buckets < 1) {
            throw new IllegalArgumentException("want 1 bucket or more, got " + buckets);
        }
    }

    /**
     * @return automatic tokens and rate, augmentation, batches of 30 s from 10 buckets
     */
    public static DataOptions defaults() {
        return new DataOptions(Tokenizers.AUTO, 0, 0, true, 30, 10);
    }
}
