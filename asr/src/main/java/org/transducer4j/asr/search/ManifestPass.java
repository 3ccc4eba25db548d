package org.transducer4j.asr.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.transducer4j.speech.corpus.BucketBatches;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.corpus.ManifestEntry;
import org.transducer4j.speech.feature.FbankOptions;
import org.transducer4j.speech.feature.Features;

/** A manifest's way through a model: batches of like duration, their features, and what comes of each utterance. */
final class ManifestPass {
    private static final int BUCKETS = 10;

    private ManifestPass() {}

    /**
     * @param work makes a result for each utterance of a batch from its features
     * @return the results, in the order of the entries
     */
    static <R> List<R> run(
            DecodeOptions options,
            FbankOptions fbank,
            List<ManifestEntry> entries,
            DecodeListener listener,
            BiFunction<List<ManifestEntry>, List<Features>, List<R>> work) {
        FeatureLoader loader = new FeatureLoader(fbank, null, 0);
        Map<Integer, R> found = new HashMap<>();
        for (List<ManifestEntry> batch :
                new BucketBatches<>(entries, ManifestEntry::duration, options.maxDuration(), BUCKETS, 0).inOrder()) {
            List<Features> features = batch.parallelStream().map(loader::load).toList();
            List<R> results = work.apply(batch, features);
            for (int i = 0; i < batch.size(); i++) {
                found.put(batch.get(i).line(), results.get(i));
            }
            listener.progress(found.size(), entries.size());
        }
        List<R> inOrder = new ArrayList<>();
        for (ManifestEntry entry : entries) {
            R result = found.get(entry.line());
            if (result == null) {
                throw new IllegalStateException(entry.where() + " was lost");
            }
            inOrder.add(result);
        }
        return inOrder;
    }
}
