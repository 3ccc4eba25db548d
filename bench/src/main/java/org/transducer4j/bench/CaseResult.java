package org.transducer4j.bench;

import java.util.Locale;

/**
 * How far a computation is from a case's reference.
 *
 * @param part what of the case was computed; empty for all of it
 * @param lossError largest |loss - reference| / max(1, |reference|) of an utterance, likewise of log-probabilities; NaN if one is
 * @param gradientError largest |gradient - reference|, likewise of posteriors; NaN if one is
 * @param paddingError largest |gradient| of the padding, which must be zero; NaN if nothing was written there
 * @param framesOff number of frames whose pruning window is another one without a tie being the reason
 */
record CaseResult(String part, double lossError, double gradientError, double paddingError, int framesOff) {
    /** The relative error of numbers that may be large; below 1 it is absolute. */
    static double relative(double actual, double reference) {
        return Math.abs(actual - reference) / Math.max(1, Math.abs(reference));
    }

    /** The larger of two errors, where NaN is the largest. */
    static double worse(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
    }

    /** Whether it is near enough; a NaN never is. */
    boolean within(VerifyOptions options) {
        return lossError <= options.lossTolerance()
                && gradientError <= options.gradientTolerance()
                && paddingError == 0
                && framesOff == 0;
    }

    /** ok, or what fails. */
    String verdict(VerifyOptions options) {
        if (within(options)) {
            return "ok";
        }
        if (paddingError != 0) {
            return "FAIL (padding " + error(paddingError) + ", must be 0)";
        }
        return framesOff == 0 ? "FAIL" : "FAIL (ranges differ, number of frames: " + framesOff + ")";
    }

    /** An error as tables show it. */
    static String error(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
