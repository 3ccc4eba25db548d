package org.transducer4j.loss.internal.cpu;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share out the numbered tasks of a phase. Each begins with a range of its own, the same in every phase of so many tasks, so
 * that it finds in its cache what it left there: between the parts of a processor that don't share a cache, lines are passed slowly. Who is
 * done takes from the others' ranges; so tasks must not depend on who runs them: each writes what no other writes, in an order of its own.
 */
public final class Workers implements AutoCloseable {
    /** Phases with less work than this many floating-point operations aren't worth waking anybody. */
    private static final long WORTH_SHARING = 400_000;

    /** How often an idle thread looks before it sleeps: phases follow one another within microseconds. */
    private static final int SPINS = 20_000;

    private final Thread[] helpers;
    private volatile @Nullable Phase current;
    private volatile boolean closed;

    private static final class Phase {
        /** Counters of different threads are in different lines of the cache. */
        private static final int APART = 16;

        final int tasks;
        final int threads;

        @Nullable
        IntConsumer body; // until the last task is done

        final Thread caller = Thread.currentThread();
        final AtomicIntegerArray next; // of each thread's range
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Phase(int tasks, int threads, IntConsumer body) {
            this.tasks = tasks;
            this.threads = threads;
            this.body = body;
            next = new AtomicIntegerArray(threads * APART);
            for (int range = 0; range < threads; range++) {
                next.setPlain(range * APART, share(tasks, range, threads));
            }
        }

        void work(int thread) {
            for (int i = 0; i < threads; i++) {
                int range = (thread + i) % threads;
                int end = share(tasks, range + 1, threads);
                for (int task = next.getAndIncrement(range * APART);
                        task < end;
                        task = next.getAndIncrement(range * APART)) {
                    run(task);
                }
            }
        }

        private void run(int task) {
            try {
                Objects.requireNonNull(body).accept(task);
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            } finally {
                if (done.incrementAndGet() == tasks) {
                    LockSupport.unpark(caller);
                }
            }
        }
    }

    /**
     * Starts the threads.
     *
     * @param threads how many work in all, the caller's own included
     */
    public Workers(int threads) {
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int number = i + 1;
            helpers[i] =
                    Thread.ofPlatform().daemon().name("transducer4j-" + number).start(() -> serve(number));
        }
    }

    /**
     * Where one of some parts begins that share out n evenly, or the one before it ends.
     *
     * @param n what is shared out
     * @param part its number, from 0
     * @param parts how many there are
     * @return the first of the part's
     */
    static int share(int n, int part, int parts) {
        return (int) ((long) n * part / parts);
    }

    /**
     * How many threads work.
     *
     * @return their number, the caller's own included
     */
    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs all tasks and returns when the last is done.
     *
     * @param tasks their number
     * @param operations about how many floating-point operations they are together
     * @param body runs the task of a number
     */
    public void run(int tasks, long operations, IntConsumer body) {
        if (helpers.length == 0 || tasks <= 1 || operations < WORTH_SHARING) {
            for (int task = 0; task < tasks; task++) {
                body.accept(task);
            }
            return;
        }
        Phase phase = new Phase(tasks, threads(), body);
        current = phase;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        phase.work(0);
        for (int spins = 0; phase.done.get() < tasks; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        current = null;
        // A helper that comes late, or looks for the next phase, would keep from the collector what the body refers to:
        // a whole tile.
        phase.body = null;
        Throwable failure = phase.failure.get();
        switch (failure) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }

    private void serve(int number) {
        Phase last = null;
        int spins = 0;
        while (!closed) {
            Phase phase = current;
            if (phase != null && phase != last) {
                last = phase;
                phase.work(number);
                spins = 0;
            } else if (spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                last = null;
                LockSupport.park(this);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
