package org.transducer4j.loss.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final long MUCH = Long.MAX_VALUE;

    @Test
    void eachTaskRunsOnce() {
        for (int threads : new int[] {1, 2, 3, 8}) {
            try (Workers workers = new Workers(threads)) {
                for (int tasks : new int[] {0, 1, 2, 7, 100}) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                    workers.run(tasks, MUCH, runs::incrementAndGet);
                    for (int task = 0; task < tasks; task++) {
                        assertEquals(1, runs.get(task), task + " of " + tasks + ", threads " + threads);
                    }
                }
            }
        }
    }

    @Test
    void sharesAreEvenAndLeaveNothingOut() {
        int[] begins = new int[4];
        for (int part = 0; part < begins.length; part++) {
            begins[part] = Workers.share(10, part, 3);
        }
        assertArrayEquals(new int[] {0, 3, 6, 10}, begins);
        assertEquals(Integer.MAX_VALUE, Workers.share(Integer.MAX_VALUE, 1000, 1000));
    }

    @Test
    void whatATaskThrowsIsThrownAndTheNextPhaseRuns() {
        try (Workers workers = new Workers(2)) {
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> workers.run(5, MUCH, task -> {
                        if (task == 3) {
                            throw new IllegalStateException("three");
                        }
                    }));
            assertEquals("three", thrown.getMessage());
            AtomicIntegerArray runs = new AtomicIntegerArray(5);
            workers.run(5, MUCH, runs::incrementAndGet);
            assertEquals(1, runs.get(4));
        }
    }

    /** A helper looks for the next phase for a moment; meanwhile it must not keep a tile that is to make room for a larger one. */
    @Test
    void whatAPhaseUsedCanBeCollectedOnceItIsOver() {
        try (Workers workers = new Workers(2)) {
            for (int i = 0; i < 20; i++) {
                WeakReference<byte[]> used = use(workers);
                System.gc();
                assertTrue(used.refersTo(null), "phase " + i);
            }
        }
    }

    private static WeakReference<byte[]> use(Workers workers) {
        byte[] array = new byte[1 << 20];
        workers.run(2, MUCH, task -> array[task] = 1);
        return new WeakReference<>(array);
    }
}
