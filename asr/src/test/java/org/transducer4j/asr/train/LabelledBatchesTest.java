package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.asr.criterion.LabelledBatch;
import org.transducer4j.asr.criterion.TrainingUtterance;
import org.transducer4j.asr.encoder.LstmConfiguration;
import org.transducer4j.asr.fixture.ToneCorpus;
import org.transducer4j.asr.model.FeatureScaling;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.predictor.StatelessConfiguration;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.corpus.BucketBatches;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.feature.AugmentOptions;
import org.transducer4j.speech.feature.FbankOptions;

/** How an utterance is varied has nothing to do with the batch that it is in. */
class LabelledBatchesTest {
    private static final int BINS = 16;

    @TempDir
    Path folder;

    private List<TrainingUtterance> utterances;
    private TransducerModel model;

    @BeforeEach
    void corpus() throws Exception {
        Path train = ToneCorpus.write(folder, "train", 24, 1);
        TrainingData data = TrainingData.read(train, train);
        utterances = data.labelled(data.tokens("word"), _ -> {}).train();
        float[] scale = new float[BINS];
        Arrays.fill(scale, 1);
        ModelConfig config = new ModelConfig(
                FbankOptions.defaults(8000).withBins(BINS),
                new ModelOptions(
                        new LstmConfiguration(4, 1, 8, 0), new StatelessConfiguration(8, 0), 8, Topology.MODIFIED),
                6,
                0,
                Activation.TANH,
                ModelConfig.Criterion.TRANSDUCER,
                Set.of());
        model = new TransducerModel(config, new FeatureScaling(new float[BINS], scale), 1);
    }

    /** What becomes of each utterance of an epoch, by its title, when the epoch is cut so. */
    private Map<String, String> features(double maxDuration, int buckets, long order, long seed, int epoch) {
        LabelledBatches batches = new LabelledBatches(
                new FeatureLoader(model.config().fbank(), AugmentOptions.defaults(BINS), seed), model);
        Map<String, String> found = new TreeMap<>();
        for (List<TrainingUtterance> batch :
                new BucketBatches<>(utterances, TrainingUtterance::seconds, maxDuration, buckets, order).epoch(epoch)) {
            LabelledBatch loaded = batches.training(batch, epoch);
            for (int b = 0; b < batch.size(); b++) {
                found.put(
                        batch.get(b).title(),
                        Arrays.toString(loaded.features().get(b).values()));
            }
        }
        assertEquals(utterances.size(), found.size());
        return found;
    }

    @Test
    void anUtteranceIsVariedAlikeInWhateverBatchItIs() {
        Map<String, String> expected = features(1, 3, 1, 5, 0);
        assertEquals(expected, features(100, 1, 1, 5, 0), "all in one batch");
        assertEquals(expected, features(0.9, 2, 77, 5, 0), "in another order, in batches of one or two");
    }

    @Test
    void anotherEpochAndAnotherSeedVaryItAnew() {
        Map<String, String> expected = features(1, 3, 1, 5, 0);
        for (Map<String, String> other : List.of(features(1, 3, 1, 5, 1), features(1, 3, 1, 6, 0))) {
            expected.forEach((title, features) -> assertNotEquals(features, other.get(title), title));
        }
    }

    @Test
    void validationVariesNothing() {
        LabelledBatches batches =
                new LabelledBatches(new FeatureLoader(model.config().fbank(), AugmentOptions.defaults(BINS), 5), model);
        FeatureLoader plain = new FeatureLoader(model.config().fbank(), null, 0);
        LabelledBatch batch = batches.validation(utterances);
        for (int b = 0; b < utterances.size(); b++) {
            assertEquals(
                    Arrays.toString(plain.load(utterances.get(b).utterance()).values()),
                    Arrays.toString(batch.features().get(b).values()));
        }
    }
}
