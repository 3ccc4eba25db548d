package org.transducer4j.bench.plan;

import org.transducer4j.loss.method.MemoryBudget;

/**
 * What there is.
 *
 * @param budget scratch memory of the loss
 * @param deviceBytes memory for everything: inputs, gradients and scratch
 * @param operationsPerSecond that the loss comes to on the machine; NaN if that isn't known
 */
public record Limits(MemoryBudget budget, long deviceBytes, double operationsPerSecond) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there is no memory or no speed
     */
    public Limits {
        if (deviceBytes < 1) {
            throw new IllegalArgumentException("the device memory must be 1 byte or more, not " + deviceBytes);
        }
        if (operationsPerSecond <= 0) {
            throw new IllegalArgumentException("the speed must be above 0, not " + operationsPerSecond);
        }
    }
}
