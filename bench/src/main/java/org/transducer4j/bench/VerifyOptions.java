package org.transducer4j.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.method.FullBand;
import org.transducer4j.loss.method.Method;
import org.transducer4j.loss.method.Schedule;

/**
 * What to verify, and how strictly.
 *
 * @param vectors a case folder, a folder of them, or a folder of such folders
 * @param provider the kernel provider, or null for each that can run here
 * @param schedules each that joint networks go through; none for what is usual, and for ready logits without a network
 * @param occupancyFloor nodes at or below it have no part in the gradients of joint networks; 0 for none
 * @param lossTolerance limit on |loss - reference| / max(1, |reference|)
 * @param gradientTolerance limit on |gradient - reference|, element by element
 */
public record VerifyOptions(
        Path vectors,
        @Nullable String provider,
        List<Schedule> schedules,
        double occupancyFloor,
        double lossTolerance,
        double gradientTolerance) {
    /** What a float32 computation keeps to, with room for longer utterances; see docs/verify.md. */
    public static final double DEFAULT_TOLERANCE = 1e-5;

    private static final String ALL = "all";

    private static final List<Schedule> EACH = List.of(
            new Schedule.Batched(),
            new Schedule.Split(2),
            new Schedule.Packed(),
            new Schedule.SampleWise(),
            new Schedule.Tiled());

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a tolerance is no positive number, or the floor isn't in [0, 1)
     */
    public VerifyOptions {
        Objects.requireNonNull(vectors);
        schedules = List.copyOf(schedules);
        Method.exact().withOccupancyFloor(occupancyFloor); // checks
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
        return new VerifyOptions(vectors, null, List.of(), 0, DEFAULT_TOLERANCE, DEFAULT_TOLERANCE);
    }

    /**
     * Other tolerances.
     *
     * @param loss of losses, relative
     * @param gradient of gradients, absolute
     * @return the changed options
     */
    public VerifyOptions withTolerances(double loss, double gradient) {
        return new VerifyOptions(vectors, provider, schedules, occupancyFloor, loss, gradient);
    }

    /**
     * Another provider.
     *
     * @param name of it, or null for each that can run here
     * @return the changed options
     */
    public VerifyOptions withProvider(@Nullable String name) {
        return new VerifyOptions(vectors, name, schedules, occupancyFloor, lossTolerance, gradientTolerance);
    }

    /**
     * A method by its parts, as {@link Method#of} reads them. Stored cases are the transducer's losses, and say themselves which nodes
     * exist. A floor is one of joint networks, so with one ready logits get a network.
     *
     * @param loss the transducer's or a word for a schedule, or null for what is usual
     * @param band full, or null
     * @param schedule how joint networks go through the nodes, "all" for each way, or null for what the word says
     * @param floor the occupancy floor, or null for what the word says
     * @return the changed options
     * @throws IllegalArgumentException if a part is unknown or makes no sense for stored cases
     */
    public VerifyOptions withMethod(
            @Nullable String loss, @Nullable String band, @Nullable String schedule, @Nullable Double floor) {
        boolean all = ALL.equals(schedule);
        Method method = Method.of(loss, band, all ? null : schedule, floor, List.of(Method.TRANSDUCER));
        if (!(method.band() instanceof FullBand)) {
            throw new IllegalArgumentException("stored cases say themselves which nodes exist: want band full, got "
                    + method.band().word());
        }
        boolean tiled = method.schedule() instanceof Schedule.Tiled;
        if (all && !tiled) {
            throw new IllegalArgumentException("the loss \"" + loss + "\" means schedule "
                    + method.schedule().word() + ", but the schedule named is " + ALL);
        }
        boolean usual = schedule == null && tiled && method.occupancyFloor() == 0;
        return new VerifyOptions(
                vectors,
                provider,
                all ? EACH : usual ? List.of() : List.of(method.schedule()),
                method.occupancyFloor(),
                lossTolerance,
                gradientTolerance);
    }

    private static void requirePositive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " must be a number > 0, not " + value);
        }
    }
}
