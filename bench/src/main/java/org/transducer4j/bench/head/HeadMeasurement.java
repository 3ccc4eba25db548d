package org.transducer4j.bench.head;

import java.util.Locale;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * What a method cost.
 *
 * @param shape B,T,U,V,H
 * @param method its word
 * @param threads of the loss
 * @param seconds of a batch: joint network, loss and gradients
 * @param scratchBytes the most scratch memory that the loss held
 * @param peakRssBytes the most memory that its process held; -1 where the system doesn't tell
 * @param executedGflops operations of the three products a second, at the median: 2 V H a node forward, 4 V H backward, and
 *     2 V H where logits were made a second time
 * @param peakGflops of the bare product in cache, the median of measurements between the repetitions
 * @param peakFraction executedGflops / peakGflops
 * @param nodes rows computed forward
 * @param nodesBackward rows computed backward
 * @param nodesAgain of these, the ones whose logits were made a second time
 * @param leftOut sum of the occupancies that the floor left out
 */
public record HeadMeasurement(
        String shape,
        String method,
        int threads,
        Seconds seconds,
        long scratchBytes,
        long peakRssBytes,
        double executedGflops,
        double peakGflops,
        double peakFraction,
        long nodes,
        long nodesBackward,
        long nodesAgain,
        double leftOut) {
    /** What the columns of {@link #row} are. */
    public static final String HEADING = String.format(
            "%-22s %-14s %9s %9s %9s %11s %11s %8s %8s %6s %6s",
            "shape", "method", "median s", "min s", "max s", "scratch", "process", "GFLOP/s", "peak", "share", "kept");

    /**
     * Times of the repetitions.
     *
     * @param median the middle one
     * @param min the least
     * @param max the most
     */
    public record Seconds(double median, double min, double max) {}

    /**
     * For people.
     *
     * @return a line
     */
    public String row() {
        return String.format(
                Locale.ROOT,
                "%-22s %-14s %9.4f %9.4f %9.4f %11s %11s %8.1f %8.1f %5.1f%% %5.1f%%",
                shape,
                method,
                seconds.median(),
                seconds.min(),
                seconds.max(),
                MemoryBudget.format(scratchBytes),
                peakRssBytes < 0 ? "-" : MemoryBudget.format(peakRssBytes),
                executedGflops,
                peakGflops,
                100 * peakFraction,
                100.0 * nodesBackward / nodes);
    }
}
