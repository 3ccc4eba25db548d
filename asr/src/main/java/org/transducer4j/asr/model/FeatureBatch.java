package org.transducer4j.asr.model;

import java.util.List;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.torch.layer.CausalSubsampling;

/**
 * Scaled features of a batch, filled up with zeros behind each utterance.
 *
 * @param values (B, T, bins), T a multiple of 4
 * @param batch B
 * @param paddedFrames T
 * @param bins features a frame
 * @param frames B numbers of encoder frames
 */
@SuppressWarnings("ArrayRecordComponent")
public record FeatureBatch(float[] values, int batch, int paddedFrames, int bins, int[] frames) {
    /**
     * @param utterances their features
     * @param scaling of the model
     * @return the batch
     */
    public static FeatureBatch of(List<Features> utterances, FeatureScaling scaling) {
        int bins = scaling.mean().length;
        int[] frames = new int[utterances.size()];
        int longest = 0;
        for (int b = 0; b < frames.length; b++) {
            Features features = utterances.get(b);
            if (features.bins() != bins || features.frames() < 1) {
                throw new IllegalArgumentException("features must have 1 frame or more of " + bins + " bins, they have "
                        + features.frames() + " of " + features.bins());
            }
            frames[b] = CausalSubsampling.frames(features.frames());
            longest = Math.max(longest, frames[b]);
        }
        int padded = longest * CausalSubsampling.FACTOR;
        float[] values = new float[Math.multiplyExact(frames.length, Math.multiplyExact(padded, bins))];
        for (int b = 0; b < frames.length; b++) {
            scaling.apply(utterances.get(b), values, b * padded * bins);
        }
        return new FeatureBatch(values, frames.length, padded, bins, frames);
    }
}
