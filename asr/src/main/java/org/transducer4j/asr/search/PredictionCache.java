package org.transducer4j.asr.search;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The predictor's outputs by context, the most recently used ones, within a limit of bytes: a language has more contexts than a
 * machine has memory. Thread-safe.
 */
final class PredictionCache {
    /** What an entry takes beside its numbers: arrays, key and map entry. */
    private static final int OVERHEAD = 160;

    private final int capacity;
    private final Map<Object, float[]> kept;

    /**
     * @param bytes to be held at most
     * @param width H: the length of an output
     */
    PredictionCache(long bytes, int width) {
        capacity = Math.clamp(bytes / (4L * width + OVERHEAD), 1, Integer.MAX_VALUE);
        kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, float[]> eldest) {
                return size() > capacity;
            }
        };
    }

    /** The output of a context; computed outside of the lock, perhaps by two threads at once, which gives the same. */
    float[] get(Object context, Supplier<float[]> compute) {
        synchronized (kept) {
            float[] found = kept.get(context);
            if (found != null) {
                return found;
            }
        }
        float[] computed = compute.get();
        synchronized (kept) {
            kept.put(context, computed);
        }
        return computed;
    }

    /** Outputs kept at most. */
    int capacity() {
        return capacity;
    }

    /** Outputs kept now. */
    int size() {
        synchronized (kept) {
            return kept.size();
        }
    }
}
