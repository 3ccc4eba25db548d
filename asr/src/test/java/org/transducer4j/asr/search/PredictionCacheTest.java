package org.transducer4j.asr.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PredictionCacheTest {
    @Test
    void itHoldsNoMoreThanItsBytesHoweverManyContextsThereAre() {
        int width = 256;
        long bytes = 1 << 20;
        PredictionCache cache = new PredictionCache(bytes, width);
        assertTrue(cache.capacity() * 4L * width <= bytes && cache.capacity() > 500, "room for " + cache.capacity());
        for (int context = 0; context < 10_000; context++) {
            float value = context;
            assertEquals(value, cache.get(context, () -> new float[] {value})[0]);
            assertTrue(cache.size() <= cache.capacity(), cache.size() + " of " + cache.capacity());
        }
        assertEquals(cache.capacity(), cache.size());
    }

    @Test
    void whatWasUsedLastIsKept() {
        PredictionCache cache = new PredictionCache(3 * (4 + 160), 1);
        assertEquals(3, cache.capacity());
        int[] computed = new int[5];
        for (int context : new int[] {0, 1, 2, 0, 3, 0, 1, 4, 0}) {
            assertEquals(
                    context,
                    cache.get(context, () -> {
                        computed[context]++;
                        return new float[] {context};
                    })[0]);
        }
        // 3 drove out 1, which came back for 2, 4 drove out 3: 0 was used all the time.
        assertArrayEquals(new int[] {1, 2, 1, 1, 1}, computed);
    }

    @Test
    void oneIsKeptEvenWhereItIsTooLarge() {
        assertEquals(1, new PredictionCache(10, 1000).capacity());
    }
}
