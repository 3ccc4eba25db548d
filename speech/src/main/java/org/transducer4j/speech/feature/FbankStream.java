package org.transducer4j.speech.feature;

import org.transducer4j.speech.internal.SampleTail;

/**
 * Features of a sound that comes in pieces. All that it gives, put together, is what {@link Fbank#compute(float[])} gives for the
 * whole, to the bit. Not thread-safe.
 */
public final class FbankStream {
    private final Fbank fbank;
    private final SampleTail tail = new SampleTail();
    private int done;

    /**
     * @param fbank computes them
     */
    public FbankStream(Fbank fbank) {
        this.fbank = fbank;
    }

    /**
     * Takes the next piece.
     *
     * @param samples in [-1, 1], at the features' rate, any number of them; not changed
     * @return the new frames whose window lies before the end of what has come; often none
     */
    public Features accept(float[] samples) {
        tail.append(samples);
        int size = fbank.options().windowSize();
        int ready = done;
        while (fbank.begin(ready) + size <= tail.end()) {
            ready++;
        }
        return upTo(ready);
    }

    /**
     * Ends the sound.
     *
     * @return the last frames, for which the sound is mirrored at its end
     */
    public Features finish() {
        int shift = fbank.options().windowShift();
        return upTo((int) ((tail.end() + shift / 2) / shift));
    }

    private Features upTo(int frames) {
        Features features = fbank.compute(tail.samples(), tail.start(), done, Math.max(done, frames));
        done = Math.max(done, frames);
        // A window further back than the next frame's: mirroring at the end never reaches before it.
        tail.forgetBefore(fbank.begin(done) - fbank.options().windowSize());
        return features;
    }
}
