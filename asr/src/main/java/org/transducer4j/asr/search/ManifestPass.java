package org.transducer4j.asr.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
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
     * @param items a corpus, with whatever travels with its utterances
     * @param utterance of an item
     * @param work makes a result for each item of a batch from its features
     * @return the results, in the order of the items
     */
    static <T, R> List<R> run(
            DecodeOptions options,
            FbankOptions fbank,
            List<T> items,
            Function<? super T, CorpusUtterance> utterance,
            DecodeListener listener,
            BiFunction<List<T>, List<Features>, List<R>> work) {
        FeatureLoader loader = new FeatureLoader(fbank, null, 0);
        List<Integer> all = IntStream.range(0, items.size()).boxed().toList();
        List<R> found = nothing(items.size());
        int done = 0;
        for (List<Integer> indices : new BucketBatches<>(
                        all, i -> utterance.apply(items.get(i)).duration(), options.maxDuration(), BUCKETS, 0)
                .inOrder()) {
            List<T> batch = indices.stream().map(items::get).toList();
            List<Features> features = batch.parallelStream()
                    .map(item -> loader.load(utterance.apply(item)))
                    .toList();
            List<R> results = work.apply(batch, features);
            for (int i = 0; i < batch.size(); i++) {
                found.set(indices.get(i), results.get(i));
            }
            done += batch.size();
            listener.progress(done, items.size());
        }
        return found;
    }

    @SuppressWarnings("NullAway") // every place is filled: the batches hold each utterance once
    private static <R> List<R> nothing(int count) {
        return new ArrayList<>(Collections.nCopies(count, null));
    }
}
