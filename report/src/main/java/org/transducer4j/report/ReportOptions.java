package org.transducer4j.report;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to show.
 *
 * @param folder of a training or of measurements
 * @param out the page
 * @param utterance a file that says what the training's model makes of an utterance (docs/report.md), or null
 * @param buffer frames that the drawn aligned band lets a token come early or late
 * @param pruneRange S of the drawn pruned band
 */
public record ReportOptions(Path folder, Path out, @Nullable Path utterance, int buffer, int pruneRange) {
    /** Checks the options. */
    public ReportOptions {
        if (buffer < 0) {
            throw new IllegalArgumentException("the buffer must be 0 frames or more, not " + buffer);
        }
        if (pruneRange < 2) {
            throw new IllegalArgumentException("the prune range must be 2 or more, not " + pruneRange);
        }
    }

    /**
     * @param folder of a training or of measurements
     * @return its page in the folder, without an utterance
     */
    public static ReportOptions of(Path folder) {
        return new ReportOptions(folder, folder.resolve("report.html"), null, 5, 5);
    }
}
