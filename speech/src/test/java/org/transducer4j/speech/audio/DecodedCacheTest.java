package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.transducer4j.speech.BadInputException;

class DecodedCacheTest {
    private final DecodedCache cache = new DecodedCache(4000);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static DecodedCache.Key key(String name) {
        return new DecodedCache.Key(Path.of(name), 1, FileTime.fromMillis(0));
    }

    private static Audio audio(int samples) {
        return new Audio(new float[samples], 8000);
    }

    private static <T> T soon(Future<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aFileIsDecodedOnceAndOthersDoNotWaitForIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger decoded = new AtomicInteger();
        DecodedCache.Decode slow = () -> {
            decoded.incrementAndGet();
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return audio(100);
        };
        List<Future<Audio>> same = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            same.add(threads.submit(() -> cache.get(key("a"), 100, slow)));
        }
        begun.await();
        // While a is being decoded, b is.
        assertEquals(
                200,
                soon(threads.submit(() -> cache.get(key("b"), 200, () -> audio(200))))
                        .samples()
                        .length);
        assertEquals(null, cache.kept(key("a")));
        mayEnd.countDown();
        Audio first = soon(same.getFirst());
        for (Future<Audio> one : same) {
            assertSame(first, soon(one));
        }
        assertEquals(1, decoded.get());
        assertSame(first, cache.kept(key("a")));
        assertEquals(4 * 300, cache.bytes());
    }

    @Test
    void theOldestMakeRoom() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            cache.get(key(name), 300, () -> audio(300));
        }
        cache.kept(key("a"));
        cache.get(key("d"), 300, () -> audio(300));
        assertEquals(null, cache.kept(key("b")));
        assertEquals(300, cache.kept(key("a")).samples().length);
        assertEquals(4 * 900, cache.bytes());
        assertTrue(cache.fits(1000));
        assertFalse(cache.fits(1001));
    }

    @Test
    void whatIsBeingDecodedCounts() throws Exception {
        AtomicLong now = new AtomicLong();
        AtomicLong most = new AtomicLong();
        List<Future<Audio>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int samples = 300 + i;
            DecodedCache.Key key = key("file" + i);
            all.add(threads.submit(() -> cache.get(key, samples, () -> {
                most.accumulateAndGet(now.addAndGet(samples), Math::max);
                Thread.yield();
                now.addAndGet(-samples);
                return audio(samples);
            })));
        }
        for (Future<Audio> one : all) {
            soon(one);
        }
        assertTrue(most.get() <= 1000, most + " samples at once");
        assertTrue(cache.bytes() <= 4000 && cache.bytes() > 0, cache.bytes() + " bytes");
    }

    @Test
    void aFailureIsThrownAndForgotten() throws Exception {
        for (int i = 0; i < 3; i++) {
            String message = "b: damage " + i;
            assertEquals(
                    message,
                    assertThrows(
                                    BadInputException.class,
                                    () -> cache.get(key("b"), 900, () -> {
                                        throw new BadInputException(message);
                                    }))
                            .getMessage());
            assertEquals(0, cache.bytes());
        }
        assertEquals(900, cache.get(key("b"), 900, () -> audio(900)).samples().length);
    }
}
