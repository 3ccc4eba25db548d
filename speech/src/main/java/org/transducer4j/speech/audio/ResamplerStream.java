package org.transducer4j.speech.audio;

import org.transducer4j.speech.internal.SampleTail;

/**
 * Resamples a sound that comes in pieces. All that it gives, put together, is what {@link Resampler#resample(float[], int, int)} gives
 * for the whole, to the bit. Not thread-safe.
 */
public final class ResamplerStream {
    private final Resampler resampler;
    private final boolean same;
    private final SampleTail tail = new SampleTail();
    private long done;

    /**
     * @param from rate of the sound, in any unit
     * @param to rate wanted, in the same unit
     * @throws IllegalArgumentException if a rate isn't positive
     */
    public ResamplerStream(int from, int to) {
        resampler = Resampler.of(from, to);
        same = from == to;
    }

    /**
     * Takes the next piece.
     *
     * @param samples any number of samples; not changed
     * @return the new samples that no later piece can change
     */
    public float[] accept(float[] samples) {
        if (same) {
            return samples.clone();
        }
        tail.append(samples);
        return upTo(resampler.complete(tail.end()));
    }

    /**
     * Ends the sound.
     *
     * @return the last samples: as if zeros followed
     */
    public float[] finish() {
        return same ? new float[0] : upTo(resampler.count(tail.end()));
    }

    private float[] upTo(long count) {
        float[] out = new float[Math.toIntExact(Math.max(0, count - done))];
        resampler.fill(tail.samples(), tail.start(), done, out);
        done += out.length;
        tail.forgetBefore(resampler.firstTap(done));
        return out;
    }
}
