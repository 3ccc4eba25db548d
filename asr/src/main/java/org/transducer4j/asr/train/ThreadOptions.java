package org.transducer4j.asr.train;

import org.transducer4j.loss.input.LossOptions;

/**
 * Threads. The loss gives the same bits for any number; libtorch may round differently with another number, so a run that is to be repeated to the bit
 * must keep {@code torch}, and a resumed run keeps it by itself.
 *
 * @param loss threads of the loss
 * @param torch threads of libtorch's operators
 * @param loader threads that read and augment sound ahead of the training
 */
public record ThreadOptions(int loss, int torch, int loader) {
    /** Checks each option. */
    public ThreadOptions {
        int most = LossOptions.MOST_THREADS;
        if (loss < 1 || torch < 1 || loader < 1 || loss > most || torch > most || loader > most) {
            throw new IllegalArgumentException(
                    "want 1 to " + most + " threads, got loss " + loss + ", torch " + torch + ", loader " + loader);
        }
    }

    /**
     * @return every core for loss and libtorch, which take turns; one loader thread for each 4 cores
     */
    public static ThreadOptions defaults() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new ThreadOptions(cores, cores, Math.max(1, cores / 4));
    }
}
