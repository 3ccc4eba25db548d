package org.transducer4j.speech.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.transducer4j.speech.Seeds;
import org.transducer4j.speech.internal.Require;

/**
 * Batches of utterances of like length: the utterances are sorted by duration into buckets that hold the same total
 * duration each; an epoch shuffles every bucket, fills batches of at most so many seconds from it, and shuffles the
 * batches. An epoch's batches depend on (utterances, options, seed, epoch) only, and hold every utterance exactly once. An
 * utterance longer than the limit is a batch of its own: {@link #longest} tells the user what to expect.
 *
 * @param <T> an utterance
 */
public final class BucketBatches<T> {
    private final double maxDuration;
    private final ToDoubleFunction<? super T> seconds;
    private final long seed;
    private final List<List<T>> buckets = new ArrayList<>();
    private final T longest;

    /**
     * @param utterances at least one
     * @param seconds of an utterance
     * @param maxDuration of a batch, in seconds: the sum over its utterances
     * @param count number of buckets, at least 1; fewer where there are fewer utterances
     * @param seed of the shuffling
     */
    public BucketBatches(
            List<T> utterances, ToDoubleFunction<? super T> seconds, double maxDuration, int count, long seed) {
        Require.that(!utterances.isEmpty(), "no utterances to batch");
        Require.that(
                maxDuration > 0 && Double.isFinite(maxDuration),
                "maximum duration must be positive and finite, got %s",
                maxDuration);
        Require.that(count >= 1, "want 1 bucket or more, got %d", count);
        this.maxDuration = maxDuration;
        this.seconds = seconds;
        this.seed = seed;
        List<T> sorted = new ArrayList<>(utterances);
        sorted.sort(Comparator.comparingDouble(seconds)); // stable: ties keep the manifest's order
        this.longest = sorted.getLast();
        double total = sorted.stream().mapToDouble(seconds).sum();
        double sum = 0;
        List<T> bucket = new ArrayList<>();
        for (T utterance : sorted) {
            bucket.add(utterance);
            sum += seconds.applyAsDouble(utterance);
            if (sum >= total * (buckets.size() + 1) / count && buckets.size() + 1 < count) {
                buckets.add(bucket);
                bucket = new ArrayList<>();
            }
        }
        if (!bucket.isEmpty()) {
            buckets.add(bucket);
        }
    }

    /**
     * @return the longest utterance
     */
    public T longest() {
        return longest;
    }

    /**
     * @param epoch any number
     * @return its batches
     */
    public List<List<T>> epoch(int epoch) {
        List<List<T>> batches = new ArrayList<>();
        for (int b = 0; b < buckets.size(); b++) {
            List<T> bucket = new ArrayList<>(buckets.get(b));
            shuffle(bucket, Seeds.generator(seed, "bucket", epoch, b));
            fill(bucket, batches);
        }
        shuffle(batches, Seeds.generator(seed, "batches", epoch, 0));
        return batches;
    }

    /**
     * @return all utterances in batches, the same at every call: for validation and decoding
     */
    public List<List<T>> inOrder() {
        List<List<T>> batches = new ArrayList<>();
        buckets.forEach(bucket -> fill(bucket, batches));
        return batches;
    }

    private void fill(List<T> bucket, List<List<T>> batches) {
        List<T> batch = new ArrayList<>();
        double filled = 0;
        for (T utterance : bucket) {
            if (!batch.isEmpty() && filled + seconds.applyAsDouble(utterance) > maxDuration) {
                batches.add(batch);
                batch = new ArrayList<>();
                filled = 0;
            }
            batch.add(utterance);
            filled += seconds.applyAsDouble(utterance);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
    }

    private static <E> void shuffle(List<E> list, RandomGenerator random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
