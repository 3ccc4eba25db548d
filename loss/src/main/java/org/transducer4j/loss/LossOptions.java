package org.transducer4j.loss;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a loss is computed. Start from {@link #defaults()} and change what differs.
 *
 * @param blank index of the blank symbol, 0 to V-1
 * @param provider name of the kernel provider (reference, scalar, simd), or null for the best that loads
 * @param threads number of threads; results don't depend on it
 * @param clamp limit on each element of the gradient with respect to the logits, before any reduction; 0 for none
 * @param nonFinite what happens to an utterance whose loss isn't finite
 * @param scratchBytes what logits in flight may take: an utterance whose logits don't fit is computed in tiles of
 *     rows, its logits a second time in the backward pass
 */
public record LossOptions(
        int blank, @Nullable String provider, int threads, float clamp, NonFinite nonFinite, long scratchBytes) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public LossOptions {
        Require.that(blank >= 0, "blank must be an index >= 0, not %d", blank);
        Require.that(threads >= 1, "threads must be >= 1, not %d", threads);
        Require.that(clamp >= 0 && clamp < Float.POSITIVE_INFINITY, "clamp must be >= 0 and finite, not %s", clamp);
        Require.that(scratchBytes > 0, "scratchBytes must be > 0, not %d", scratchBytes);
        Objects.requireNonNull(nonFinite);
    }

    /**
     * Blank 0, the best provider, all processors, no clamp, failure on a loss that isn't finite, 256 MiB of logits.
     *
     * @return the defaults
     */
    public static LossOptions defaults() {
        return new LossOptions(0, null, Runtime.getRuntime().availableProcessors(), 0, NonFinite.FAIL, 256L << 20);
    }

    /**
     * Another blank.
     *
     * @param blank its index
     * @return the changed options
     */
    public LossOptions withBlank(int blank) {
        return new LossOptions(blank, provider, threads, clamp, nonFinite, scratchBytes);
    }

    /**
     * A named provider.
     *
     * @param provider reference, scalar, simd, or null for the best that loads
     * @return the changed options
     */
    public LossOptions withProvider(@Nullable String provider) {
        return new LossOptions(blank, provider, threads, clamp, nonFinite, scratchBytes);
    }

    /**
     * Another number of threads.
     *
     * @param threads 1 or more
     * @return the changed options
     */
    public LossOptions withThreads(int threads) {
        return new LossOptions(blank, provider, threads, clamp, nonFinite, scratchBytes);
    }

    /**
     * A clamp on the gradient with respect to the logits.
     *
     * @param clamp the limit; 0 for none
     * @return the changed options
     */
    public LossOptions withClamp(float clamp) {
        return new LossOptions(blank, provider, threads, clamp, nonFinite, scratchBytes);
    }

    /**
     * Another treatment of losses that aren't finite.
     *
     * @param nonFinite FAIL or SKIP
     * @return the changed options
     */
    public LossOptions withNonFinite(NonFinite nonFinite) {
        return new LossOptions(blank, provider, threads, clamp, nonFinite, scratchBytes);
    }

    /**
     * Another limit on logits in flight.
     *
     * @param scratchBytes bytes
     * @return the changed options
     */
    public LossOptions withScratchBytes(long scratchBytes) {
        return new LossOptions(blank, provider, threads, clamp, nonFinite, scratchBytes);
    }
}
