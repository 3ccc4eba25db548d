package org.transducer4j.asr.train;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where in a training a line of its logs belongs: behind a batch, or behind the epoch that ended with this batch.
 *
 * @param step batches done
 * @param epoch whether it is about the epoch that ended there
 */
record LogPlace(long step, boolean epoch) implements Comparable<LogPlace> {
    private static final Comparator<LogPlace> ORDER =
            Comparator.comparingLong(LogPlace::step).thenComparing(LogPlace::epoch);

    /** Before the first batch. */
    static final LogPlace BEGINNING = new LogPlace(0, false);

    /** The last line that a run has written which stands here. */
    static LogPlace of(TrainingState state) {
        return new LogPlace(state.steps(), state.steps() > 0 && state.batch() == 0);
    }

    /** The place of a line of metrics.jsonl; null if it is none. */
    static @Nullable LogPlace of(JsonNode line) {
        boolean epoch = line.path("type").asString("").equals("epoch");
        JsonNode step = line.path(epoch ? "steps" : "step");
        boolean known = epoch || line.path("type").asString("").equals("step");
        return known && step.isIntegralNumber() && step.canConvertToLong() && step.asLong() > 0
                ? new LogPlace(step.asLong(), epoch)
                : null;
    }

    @Override
    public int compareTo(LogPlace other) {
        return ORDER.compare(this, other);
    }
}
