package org.transducer4j.speech.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.transducer4j.speech.Seeds;
import org.transducer4j.speech.internal.Require;

/**
 * Batches of utterances of like length: the utterances are sorted by duration into buckets that hold the same total
 * duration each; an epoch shuffles every bucket, fills batches of at most so many seconds from it, and shuffles the
 * batches. An epoch's batches depend on (entries, options, seed, epoch) only, and hold every utterance exactly once. An
 * utterance longer than the limit is a batch of its own: {@link #longest} tells the user what to expect.
 */
public final class BucketBatches {
    private final double maxDuration;
    private final long seed;
    private final List<List<ManifestEntry>> buckets = new ArrayList<>();
    private final ManifestEntry longest;

    /**
     * @param entries at least one
     * @param maxDuration of a batch, in seconds: the sum over its utterances
     * @param count number of buckets, at least 1; fewer where there are fewer utterances
     * @param seed of the shuffling
     */
    public BucketBatches(List<ManifestEntry> entries, double maxDuration, int count, long seed) {
        Require.that(!entries.isEmpty(), "no utterances to batch");
        Require.that(
                maxDuration > 0 && Double.isFinite(maxDuration),
                "maximum duration must be positive and finite, got %s",
                maxDuration);
        Require.that(count >= 1, "want 1 bucket or more, got %d", count);
        this.maxDuration = maxDuration;
        this.seed = seed;
        List<ManifestEntry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingDouble(ManifestEntry::duration)); // stable: ties keep the manifest's order
        this.longest = sorted.getLast();
        double total = sorted.stream().mapToDouble(ManifestEntry::duration).sum();
        double sum = 0;
        List<ManifestEntry> bucket = new ArrayList<>();
        for (ManifestEntry entry : sorted) {
            bucket.add(entry);
            sum += entry.duration();
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
    public ManifestEntry longest() {
        return longest;
    }

    /**
     * @param epoch any number
     * @return its batches
     */
    public List<List<ManifestEntry>> epoch(int epoch) {
        List<List<ManifestEntry>> batches = new ArrayList<>();
        for (int b = 0; b < buckets.size(); b++) {
            List<ManifestEntry> bucket = new ArrayList<>(buckets.get(b));
            shuffle(bucket, Seeds.generator(seed, "bucket", epoch, b));
            fill(bucket, batches);
        }
        shuffle(batches, Seeds.generator(seed, "batches", epoch, 0));
        return batches;
    }

    /**
     * @return all utterances in batches, the same at every call: for validation and decoding
     */
    public List<List<ManifestEntry>> inOrder() {
        List<List<ManifestEntry>> batches = new ArrayList<>();
        buckets.forEach(bucket -> fill(bucket, batches));
        return batches;
    }

    private void fill(List<ManifestEntry> bucket, List<List<ManifestEntry>> batches) {
        List<ManifestEntry> batch = new ArrayList<>();
        double seconds = 0;
        for (ManifestEntry entry : bucket) {
            if (!batch.isEmpty() && seconds + entry.duration() > maxDuration) {
                batches.add(batch);
                batch = new ArrayList<>();
                seconds = 0;
            }
            batch.add(entry);
            seconds += entry.duration();
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
    }

    private static <T> void shuffle(List<T> list, RandomGenerator random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
