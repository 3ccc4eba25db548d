package org.transducer4j.asr.train;

import java.util.ArrayList;
import java.util.List;
import org.transducer4j.asr.criterion.LabelledBatch;
import org.transducer4j.asr.criterion.TrainingUtterance;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.feature.Augment;
import org.transducer4j.speech.feature.Features;

/**
 * Makes batches of utterances: reads their sound and, for training, varies it. How an utterance varies depends on itself and the epoch
 * alone, not on the batch that it is in.
 *
 * @param features reads and varies
 * @param model that is trained
 */
record LabelledBatches(FeatureLoader features, TransducerModel model) {
    /** A batch to train on in an epoch; the times of tokens follow the speed. */
    LabelledBatch training(List<TrainingUtterance> batch, int epoch) {
        List<Features> loaded = new ArrayList<>();
        List<TrainingUtterance> heard = new ArrayList<>();
        for (TrainingUtterance one : batch) {
            Augment.Varied varied = features.augmented(one.utterance(), epoch);
            loaded.add(varied.features());
            heard.add(one.atSpeed(varied.speed()));
        }
        return LabelledBatch.of(heard, loaded, model);
    }

    /** A batch to validate on, as it is. */
    LabelledBatch validation(List<TrainingUtterance> batch) {
        List<Features> loaded =
                batch.stream().map(one -> features.load(one.utterance())).toList();
        return LabelledBatch.of(batch, loaded, model);
    }
}
