package org.transducer4j.asr.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.transducer4j.speech.corpus.BucketBatches;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.FeatureLoader;
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
            List<CorpusUtterance> entries,
            DecodeListener listener,
            BiFunction<List<CorpusUtterance>, List<Features>, List<R>> work) {
        FeatureLoader loader = new FeatureLoader(fbank, null, 0);
        List<Integer> all = IntStream.range(0, entries.size()).boxed().toList();
        List<R> found = nothing(entries.size());
        int done = 0;
        for (List<Integer> indices :
                new BucketBatches<>(all, i -> entries.get(i).duration(), options.maxDuration(), BUCKETS, 0).inOrder()) {
            List<CorpusUtterance> batch = indices.stream().map(entries::get).toList();
            List<Features> features = batch.parallelStream().map(loader::load).toList();
            List<R> results = work.apply(batch, features);
            for (int i = 0; i < batch.size(); i++) {
                found.set(indices.get(i), results.get(i));
            }
            done += batch.size();
            listener.progress(done, entries.size());
        }
        return found;
    }

    @SuppressWarnings("NullAway") // every place is filled: the batches hold each utterance once
    private static <R> List<R> nothing(int count) {
        return new ArrayList<>(Collections.nCopies(count, null));
    }
}
