package org.transducer4j.asr.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.transducer4j.asr.criterion.LabelledBatch;
import org.transducer4j.asr.criterion.TrainingUtterance;

/**
 * Loads batches ahead of their use in threads of its own, and hands them out in order. What a batch holds depends on its
 * utterances alone, so the number of threads changes nothing.
 */
final class BatchLoader implements AutoCloseable {
    private static final int AHEAD = 3;

    private final ExecutorService threads;
    private final Iterator<List<TrainingUtterance>> utterances;
    private final Function<List<TrainingUtterance>, LabelledBatch> load;
    private final Deque<Future<LabelledBatch>> loading = new ArrayDeque<>();
    private final int ahead;

    BatchLoader(
            int count, List<List<TrainingUtterance>> batches, Function<List<TrainingUtterance>, LabelledBatch> load) {
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("loader-", 0).factory());
        this.utterances = batches.iterator();
        this.load = load;
        this.ahead = AHEAD + count;
        fill();
    }

    private void fill() {
        while (loading.size() < ahead && utterances.hasNext()) {
            List<TrainingUtterance> batch = utterances.next();
            loading.add(threads.submit(() -> load.apply(batch)));
        }
    }

    boolean hasNext() {
        return !loading.isEmpty();
    }

    /** The next batch; what went wrong while it was loaded is thrown here. */
    LabelledBatch next() {
        try {
            LabelledBatch batch = loading.remove().get();
            fill();
            return batch;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
