package org.transducer4j.speech.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.Fixtures;

class BucketBatchesTest {
    @TempDir
    Path folder;

    private List<CorpusUtterance> random(int count) throws Exception {
        return Fixtures.entries(
                folder,
                new Random(3)
                        .doubles(count, 0.5, 12)
                        .map(d -> Math.round(d * 100) / 100.0)
                        .toArray());
    }

    private static List<List<Integer>> lines(List<List<CorpusUtterance>> batches) {
        return batches.stream()
                .map(batch -> batch.stream().map(e -> e.origin().line()).toList())
                .toList();
    }

    @Test
    void everyUtteranceOnceWithinTheLimit() throws Exception {
        List<CorpusUtterance> entries = random(997);
        for (int buckets : new int[] {1, 2, 7, 30, 2000}) {
            BucketBatches<CorpusUtterance> batches =
                    new BucketBatches<>(entries, CorpusUtterance::duration, 60, buckets, 5);
            for (List<List<CorpusUtterance>> epoch : List.of(batches.epoch(0), batches.epoch(1), batches.inOrder())) {
                Set<Integer> seen = new HashSet<>();
                for (List<CorpusUtterance> batch : epoch) {
                    assertTrue(batch.stream()
                                    .mapToDouble(CorpusUtterance::duration)
                                    .sum()
                            <= 60);
                    batch.forEach(entry -> assertTrue(seen.add(entry.origin().line())));
                }
                assertEquals(997, seen.size());
            }
        }
    }

    @Test
    void likeLengthsTogetherAndLittleWaste() throws Exception {
        List<List<CorpusUtterance>> epoch =
                new BucketBatches<>(random(997), CorpusUtterance::duration, 60, 10, 5).epoch(2);
        double padded = 0;
        double real = 0;
        for (List<CorpusUtterance> batch : epoch) {
            double longest =
                    batch.stream().mapToDouble(CorpusUtterance::duration).max().orElseThrow();
            padded += longest * batch.size();
            real += batch.stream().mapToDouble(CorpusUtterance::duration).sum();
        }
        assertTrue(padded < 1.15 * real, "padding " + padded / real);
        assertTrue(epoch.size() < real / 60 * 1.2 + 10, epoch.size() + " batches for " + real + " s");
    }

    @Test
    void sameSeedAndEpochSameBatches() throws Exception {
        List<CorpusUtterance> entries = random(200);
        BucketBatches<CorpusUtterance> one = new BucketBatches<>(entries, CorpusUtterance::duration, 30, 5, 7);
        one.epoch(3);
        assertEquals(
                lines(new BucketBatches<>(entries, CorpusUtterance::duration, 30, 5, 7).epoch(4)), lines(one.epoch(4)));
        assertNotEquals(lines(one.epoch(4)), lines(one.epoch(5)));
        assertNotEquals(
                lines(new BucketBatches<>(entries, CorpusUtterance::duration, 30, 5, 8).epoch(4)), lines(one.epoch(4)));
        assertEquals(lines(one.inOrder()), lines(one.inOrder()));
    }

    @Test
    void aLongUtteranceIsABatchOfItsOwn() throws Exception {
        List<CorpusUtterance> entries = Fixtures.entries(folder, 1, 50, 2, 3, 2);
        BucketBatches<CorpusUtterance> batches = new BucketBatches<>(entries, CorpusUtterance::duration, 5, 1, 1);
        assertEquals(50, batches.longest().duration());
        List<List<Integer>> epoch = lines(batches.epoch(0));
        assertTrue(epoch.contains(List.of(2)), epoch.toString());
        assertEquals(5, epoch.stream().mapToInt(List::size).sum());
    }

    @Test
    void badArguments() throws Exception {
        List<CorpusUtterance> entries = random(3);
        assertThrows(
                IllegalArgumentException.class,
                () -> new BucketBatches<>(List.<CorpusUtterance>of(), CorpusUtterance::duration, 5, 1, 1));
        assertThrows(
                IllegalArgumentException.class, () -> new BucketBatches<>(entries, CorpusUtterance::duration, 0, 1, 1));
        assertThrows(
                IllegalArgumentException.class, () -> new BucketBatches<>(entries, CorpusUtterance::duration, 5, 0, 1));
    }
}
