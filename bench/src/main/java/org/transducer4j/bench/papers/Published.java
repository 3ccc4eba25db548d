package org.transducer4j.bench.papers;

import java.util.List;
import org.transducer4j.bench.head.HeadMeasurement;

/**
 * The published figures of table (a), from the README of github.com/csukuangfj/transducer-loss-benchmarking: PyTorch on an NVIDIA V100
 * with 32 GB, average time of a step and most memory allocated on the device.
 *
 * @param name of the implementation
 * @param thirty 30 utterances a batch
 * @param sorted sorted by duration, at most 10,000 frames a batch
 */
record Published(String name, Figure thirty, Figure sorted) {
    /** Its MB are 2^20 bytes: the first row of the first mode is six tensors of the largest batch in those, and no whole number in others. */
    private static final double MB = 1 << 20;

    /**
     * Of a mode.
     *
     * @param microseconds of a step
     * @param megabytes on the device
     */
    record Figure(double microseconds, double megabytes) {}

    static final List<Published> ALL = List.of(
            of("torchaudio", 544_241, 18_921.8, 601_447, 12_959.2),
            of("k2", 386_808, 22_056.9, 274_407, 15_106.5),
            of("k2 pruned", 63_395, 3_820.3, 38_112, 2_647.8),
            of("optimized_transducer", 376_954, 7_495.9, 567_684, 10_903.1),
            of("warprnnt_numba", 299_385, 19_072.7, 229_340, 13_061.8),
            of("warp-transducer", 275_852, 19_072.6, 210_772, 13_061.8),
            of("warp-rnnt", 293_270, 18_934.3, 216_547, 12_968.2));

    private static Published of(String name, double time, double memory, double sortedTime, double sortedMemory) {
        return new Published(name, new Figure(time, memory), new Figure(sortedTime, sortedMemory));
    }

    PapersRow row(Figure figure) {
        double seconds = figure.microseconds() * 1e-6;
        return new PapersRow(
                name + " (V100)",
                null,
                Mark.PUBLISHED,
                new HeadMeasurement.Seconds(seconds, seconds, seconds),
                null,
                Math.round(figure.megabytes() * MB),
                null,
                null,
                null,
                !name.endsWith("pruned"),
                0,
                0,
                0,
                0,
                0,
                "published");
    }
}
