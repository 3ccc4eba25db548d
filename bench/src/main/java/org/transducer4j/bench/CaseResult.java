package org.transducer4j.bench;

/**
 * How far a computation is from a case's reference.
 *
 * @param lossError largest |loss - reference| / max(1, |reference|) of an utterance; NaN if a loss is
 * @param gradientError largest |gradient - reference| of a node; NaN if a gradient is
 * @param paddingError largest |gradient| of the padding, which must be zero; NaN if nothing was written there
 */
record CaseResult(double lossError, double gradientError, double paddingError) {
    /** Whether it is near enough; a NaN never is. */
    boolean within(VerifyOptions options) {
        return lossError <= options.lossTolerance()
                && gradientError <= options.gradientTolerance()
                && paddingError == 0;
    }

    /** The larger of two errors, where NaN is the largest. */
    static double worse(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
    }
}
