package org.transducer4j.asr.search;

import java.util.function.Supplier;

/** Lets threads in until it is closed; what they use is freed when it is closed and the last of them has left. */
final class Gate {
    private final String noun;
    private final Runnable free;
    private int inside;
    private boolean closed;

    /**
     * @param noun what is closed, for messages
     * @param free frees it; called once
     */
    Gate(String noun, Runnable free) {
        this.noun = noun;
        this.free = free;
    }

    <R> R within(Supplier<R> work) {
        enter();
        try {
            return work.get();
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        if (closed) {
            throw new IllegalStateException("the " + noun + " is closed");
        }
        inside++;
    }

    private synchronized void leave() {
        inside--;
        if (closed && inside == 0) {
            free.run();
        }
    }

    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (inside == 0) {
            free.run();
        }
    }
}
