package org.transducer4j.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.method.Method;
import picocli.CommandLine.Option;

/** A method by its parts, beside the words that name whole methods. */
final class MethodFlags {
    /** Between words; arguments of one may have commas before digits, as tdt:0,1,2. */
    static final String BETWEEN = ",(?![0-9])";

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description =
                    "What is summed over: transducer, ctc, ..., or a sum as transducer+0.2*ctc; or a word that says"
                            + " band and schedule, too: tiled, pruned:5, ... Default: transducer.")
    private @Nullable String loss;

    @Option(
            names = "--band",
            paramLabel = "BAND",
            description = "Which nodes exist: full, aligned[:FRAMES|:LEFT,RIGHT], pruned[:S]. Default: full.")
    private @Nullable String band;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How many at once: batched, split:N, packed, sample-wise, tiled. Default: tiled.")
    private @Nullable String schedule;

    @Option(
            names = "--occupancy-floor",
            paramLabel = "X",
            description =
                    "Nodes at or below it have no part in the gradient. Default: 0, or 1.0E-6 for methods with +floor.")
    private @Nullable Double occupancyFloor;

    MethodFlags() {}

    /** Whether loss, band or schedule is named. */
    boolean named() {
        return loss != null || band != null || schedule != null;
    }

    @Nullable
    Double occupancyFloor() {
        return occupancyFloor;
    }

    /** What +floor means. */
    double usualFloor() {
        return occupancyFloor == null ? Method.USUAL_FLOOR : occupancyFloor;
    }

    /** The method of the parts; of these losses, if it is said which there are. */
    Method method(@Nullable Collection<String> known) {
        return Method.of(loss, band, schedule, occupancyFloor, known);
    }

    /** The words that are asked for and that of the parts behind them; the usual ones where nothing is asked for. */
    List<String> words(@Nullable List<String> asked, List<String> usual, @Nullable Collection<String> known) {
        if (!named()) {
            return asked == null ? usual : asked;
        }
        List<String> words = new ArrayList<>(asked == null ? List.of() : asked);
        words.add(method(known).word());
        return words;
    }
}
