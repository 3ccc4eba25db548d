package org.transducer4j.asr.criterion;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.FeatureScaling;
import org.transducer4j.speech.corpus.ManifestEntry;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.TokenTimes;

/**
 * Utterances ready for a step.
 *
 * @param entries their lines
 * @param features of each, as loaded
 * @param padded the same, scaled and padded
 * @param labels of each
 * @param times of each utterance's tokens, or none at all
 */
@SuppressWarnings("ArrayRecordComponent")
public record LabelledBatch(
        List<ManifestEntry> entries,
        List<Features> features,
        FeatureBatch padded,
        int[][] labels,
        List<TokenTimes> times) {
    public static LabelledBatch of(
            List<ManifestEntry> entries,
            List<Features> features,
            int[][] labels,
            List<TokenTimes> times,
            FeatureScaling scaling) {
        return new LabelledBatch(entries, features, FeatureBatch.of(features, scaling), labels, times);
    }

    /** The batch without some of its utterances; at least one must be left. */
    public LabelledBatch without(Set<Integer> indices, FeatureScaling scaling) {
        int[] kept = IntStream.range(0, entries.size())
                .filter(i -> !indices.contains(i))
                .toArray();
        return of(
                IntStream.of(kept).mapToObj(entries::get).toList(),
                IntStream.of(kept).mapToObj(features::get).toList(),
                IntStream.of(kept).mapToObj(i -> labels[i]).toArray(int[][]::new),
                times.isEmpty()
                        ? times
                        : IntStream.of(kept).mapToObj(times::get).toList(),
                scaling);
    }

    /** What messages call the utterances. */
    public List<String> names() {
        return entries.stream().map(ManifestEntry::title).toList();
    }

    public double seconds() {
        return entries.stream().mapToDouble(ManifestEntry::duration).sum();
    }
}
