package org.transducer4j.loss;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Lets one caller at a time into a loss, and nobody once it is closed: its scratch memory is one caller's. */
final class Gate {
    private enum State {
        FREE,
        BUSY,
        CLOSED
    }

    private final String loss;
    private final AtomicReference<State> state = new AtomicReference<>(State.FREE);

    /** Who is inside, for messages. */
    private volatile String caller = "";

    /** A gate of a loss. */
    Gate(Class<?> loss) {
        this.loss = loss.getSimpleName();
    }

    /**
     * Computes something alone.
     *
     * @throws IllegalStateException if another thread is inside, or the loss is closed
     */
    <T> T alone(Supplier<T> computation) {
        State found = state.compareAndExchange(State.FREE, State.BUSY);
        if (found != State.FREE) {
            throw new IllegalStateException(
                    found == State.CLOSED
                            ? "this " + loss + " is closed"
                            : "this " + loss + " is computing for thread \"" + caller
                                    + "\"; it serves one thread at a time: open one for each");
        }
        try {
            caller = Thread.currentThread().getName();
            return computation.get();
        } finally {
            state.set(State.FREE);
        }
    }

    /**
     * Lets nobody in any more.
     *
     * @return whether it was open
     * @throws IllegalStateException if a thread is inside
     */
    boolean close() {
        State found = state.compareAndExchange(State.FREE, State.CLOSED);
        if (found == State.BUSY) {
            throw new IllegalStateException(
                    "this " + loss + " can't be closed: it is computing for thread \"" + caller + "\"");
        }
        return found == State.FREE;
    }
}
