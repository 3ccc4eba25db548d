package org.transducer4j.asr.model;

import java.util.Arrays;
import java.util.List;
import org.transducer4j.asr.encoder.Encoder;
import org.transducer4j.speech.feature.Features;

/**
 * Scaled features of a batch, filled up with zeros behind each utterance.
 *
 * @param values (B, T, bins), T a multiple of the encoder's frames per output
 * @param batch B
 * @param paddedFrames T
 * @param bins features a frame
 * @param featureFrames B numbers of feature frames
 * @param frames B numbers of encoder frames
 */
@SuppressWarnings("ArrayRecordComponent")
public record FeatureBatch(float[] values, int batch, int paddedFrames, int bins, int[] featureFrames, int[] frames) {
    /**
     * Puts utterances together.
     *
     * @param utterances their features
     * @param scaling of the model
     * @param encoder of the model
     * @return the batch
     * @throws IllegalArgumentException if one has other bins, or is too short for a frame of the encoder
     */
    public static FeatureBatch of(List<Features> utterances, FeatureScaling scaling, Encoder encoder) {
        int bins = scaling.mean().length;
        int[] featureFrames = new int[utterances.size()];
        int[] frames = new int[featureFrames.length];
        for (int b = 0; b < frames.length; b++) {
            Features features = utterances.get(b);
            if (features.bins() != bins || features.frames() < 1) {
                throw new IllegalArgumentException("features must have 1 frame or more of " + bins + " bins, they have "
                        + features.frames() + " of " + features.bins());
            }
            featureFrames[b] = features.frames();
            frames[b] = encoder.outputFrames(features.frames());
            if (frames[b] < 1) {
                throw new IllegalArgumentException(features.frames() + " feature frames are too few: the encoder makes "
                        + frames[b] + " frames of them");
            }
        }
        int pace = encoder.framesPerOutput();
        int longest = Arrays.stream(featureFrames).max().orElse(0);
        int padded = Math.ceilDiv(longest, pace) * pace;
        float[] values = new float[Math.multiplyExact(frames.length, Math.multiplyExact(padded, bins))];
        for (int b = 0; b < frames.length; b++) {
            scaling.apply(utterances.get(b), values, b * padded * bins);
        }
        return new FeatureBatch(values, frames.length, padded, bins, featureFrames, frames);
    }
}
