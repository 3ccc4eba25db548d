package org.transducer4j.bench.papers;

import java.util.List;
import org.transducer4j.bench.plan.HeadSize;

/**
 * What the tables run over.
 *
 * @param published V and H of the published benchmark
 * @param batch utterances of a batch in its first mode
 * @param maxFrames frames of a batch at most in its second, before padding
 * @param firstBatch number of the first batch that counts, from 0
 * @param lastBatch number of the last one
 * @param methods words of the methods, see {@code t4j bench head}
 * @param size V and H of the other tables
 * @param batches B of the tables of growth
 * @param audio seconds of their utterances
 * @param bandBatch B of the tables of prune ranges and buffers
 * @param bandAudio seconds of their utterances
 * @param ranges prune ranges S
 * @param buffers frames to both sides of an alignment
 */
public record PapersGrid(
        HeadSize published,
        int batch,
        int maxFrames,
        int firstBatch,
        int lastBatch,
        List<String> methods,
        HeadSize size,
        List<Integer> batches,
        List<Integer> audio,
        int bandBatch,
        int bandAudio,
        List<Integer> ranges,
        List<Integer> buffers) {
    /** What the works ran over. */
    public static final PapersGrid WORKS = new PapersGrid(
            new HeadSize(500, 512),
            30,
            10_000,
            20,
            39,
            List.of("batched", "split:4", "packed", "sample-wise", "tiled", "tiled+floor", "aligned:10", "pruned:5"),
            new HeadSize(1024, 640),
            List.of(1, 4, 16, 64, 256, 1024),
            List.of(10, 20, 30, 40),
            16,
            20,
            List.of(2, 3, 5, 8, 12, 20, 30),
            List.of(2, 5, 10, 20, 40, 80));
}
