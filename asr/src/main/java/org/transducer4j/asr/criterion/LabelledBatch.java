package org.transducer4j.asr.criterion;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.feature.Features;

/**
 * Utterances ready for a step.
 *
 * @param utterances their labels, and token times at the speed of the features
 * @param features of each, as loaded
 * @param padded the same, scaled and padded
 */
public record LabelledBatch(List<TrainingUtterance> utterances, List<Features> features, FeatureBatch padded) {
    public static LabelledBatch of(List<TrainingUtterance> utterances, List<Features> features, TransducerModel model) {
        return new LabelledBatch(utterances, features, model.batch(features));
    }

    /** The batch without some of its utterances; at least one must be left. */
    public LabelledBatch without(Set<Integer> indices, TransducerModel model) {
        int[] kept = IntStream.range(0, utterances.size())
                .filter(i -> !indices.contains(i))
                .toArray();
        return of(
                IntStream.of(kept).mapToObj(utterances::get).toList(),
                IntStream.of(kept).mapToObj(features::get).toList(),
                model);
    }

    /** Token ids of each utterance. */
    public int[][] labels() {
        return utterances.stream().map(TrainingUtterance::labels).toArray(int[][]::new);
    }

    /** What messages call the utterances. */
    public List<String> names() {
        return utterances.stream().map(TrainingUtterance::title).toList();
    }

    public double seconds() {
        return utterances.stream().mapToDouble(TrainingUtterance::seconds).sum();
    }
}
