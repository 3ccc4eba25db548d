package org.transducer4j.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.method.Schedule;

/**
 * What to verify, and how strictly.
 *
 * @param vectors a case folder, a folder of them, or a folder of such folders
 * @param provider the kernel provider, or null for each that can run here
 * @param schedules each that joint networks go through; none for what is usual, and for ready logits without a network
 * @param lossTolerance limit on |loss - reference| / max(1, |reference|)
 * @param gradientTolerance limit on |gradient - reference|, element by element
 */
public record VerifyOptions(
        Path vectors,
        @Nullable String provider,
        List<Schedule> schedules,
        double lossTolerance,
        double gradientTolerance) {
    /** What a float32 computation keeps to, with room for longer utterances; see docs/verify.md. */
    public static final double DEFAULT_TOLERANCE = 1e-5;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a tolerance is no positive number
     */
    public VerifyOptions {
        Objects.requireNonNull(vectors);
        schedules = List.copyOf(schedules);
        requirePositive("the tolerance of losses", lossTolerance);
        requirePositive("the tolerance of gradients", gradientTolerance);
    }

    /**
     * Every provider, the default tolerances.
     *
     * @param vectors the folder
     * @return the options
     */
    public static VerifyOptions of(Path vectors) {
        return new VerifyOptions(vectors, null, List.of(), DEFAULT_TOLERANCE, DEFAULT_TOLERANCE);
    }

    /**
     * Reads schedules.
     *
     * @param word one that {@link Schedule#parse} reads, or "all"
     * @return the schedules
     * @throws IllegalArgumentException if it is none of them
     */
    public static List<Schedule> schedules(String word) {
        return word.equals("all")
                ? List.of(
                        new Schedule.Batched(),
                        new Schedule.Split(2),
                        new Schedule.Packed(),
                        new Schedule.SampleWise(),
                        new Schedule.Tiled())
                : List.of(Schedule.parse(word));
    }

    private static void requirePositive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " must be a number > 0, not " + value);
        }
    }
}
