package org.transducer4j.bench.papers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.LengthsFile;

/** The batches of the published benchmark in its two modes. */
final class PublishedBatches {
    private PublishedBatches() {}

    /** So many utterances a batch, in their order. */
    static List<List<Lengths>> inOrder(List<Lengths> lengths, PapersGrid grid) {
        return counted(LengthsFile.batches(lengths, grid.batch()), grid);
    }

    /** The longest first, as many frames a batch as may be, before padding. */
    static List<List<Lengths>> sorted(List<Lengths> lengths, PapersGrid grid) {
        List<Lengths> sorted = lengths.stream()
                .sorted(Comparator.comparingInt(Lengths::frames).reversed())
                .toList();
        List<List<Lengths>> batches = new ArrayList<>();
        int from = 0;
        long frames = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (frames + sorted.get(i).frames() > grid.maxFrames() && i > from) {
                batches.add(sorted.subList(from, i));
                from = i;
                frames = 0;
            }
            frames += sorted.get(i).frames();
        }
        return counted(batches, grid);
    }

    private static List<List<Lengths>> counted(List<List<Lengths>> batches, PapersGrid grid) {
        if (batches.size() <= grid.lastBatch()) {
            throw new IllegalArgumentException(
                    "the lengths make " + batches.size() + " full batches, table (a) needs " + (grid.lastBatch() + 1));
        }
        return batches.subList(grid.firstBatch(), grid.lastBatch() + 1);
    }
}
