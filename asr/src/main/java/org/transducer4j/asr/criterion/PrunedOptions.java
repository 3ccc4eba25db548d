package org.transducer4j.asr.criterion;

import java.util.Objects;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.method.WindowRule;

/**
 * What pruned training (Kuang et al. 2022, arXiv 2206.13236) needs besides its band. The loss is simple x s + pruned x p; over the warm-up s falls from 1
 * to {@code simpleScale} and p rises from 0.1 to 1.
 *
 * @param rule how the window of S is chosen
 * @param warmSteps batches until both scales are at their last values
 * @param simpleScale weight of the simple joiner's loss after the warm-up
 * @param lmOnlyScale smoothing of the simple joiner by the predictor alone
 * @param amOnlyScale smoothing by the encoder alone
 */
public record PrunedOptions(
        WindowRule rule, int warmSteps, double simpleScale, double lmOnlyScale, double amOnlyScale) {
    private static final double FIRST_PRUNED_SCALE = 0.1;

    /** Checks each option. */
    public PrunedOptions {
        Objects.requireNonNull(rule, "rule");
        new SimpleJoiner(lmOnlyScale, amOnlyScale);
        if (warmSteps < 0) {
            throw new IllegalArgumentException("warm steps must be 0 or more, got " + warmSteps);
        }
        if (!(simpleScale >= 0 && simpleScale <= 1)) {
            throw new IllegalArgumentException("the simple scale must be in [0, 1], got " + simpleScale);
        }
    }

    /**
     * @return icefall's scales, 500 steps of warm-up
     */
    public static PrunedOptions defaults() {
        SimpleJoiner joiner = SimpleJoiner.SMOOTHED;
        return new PrunedOptions(WindowRule.PATHS, 500, 0.5, joiner.lmOnlyScale(), joiner.amOnlyScale());
    }

    SimpleJoiner joiner() {
        return new SimpleJoiner(lmOnlyScale, amOnlyScale);
    }

    /** Weight of the simple joiner's loss after so many batches. */
    double simpleScale(long step) {
        return 1 + warm(step) * (simpleScale - 1);
    }

    /** Weight of the full joiner's loss after so many batches. */
    double prunedScale(long step) {
        return FIRST_PRUNED_SCALE + warm(step) * (1 - FIRST_PRUNED_SCALE);
    }

    private double warm(long step) {
        return warmSteps == 0 ? 1 : Math.min(1, (double) step / warmSteps);
    }
}
