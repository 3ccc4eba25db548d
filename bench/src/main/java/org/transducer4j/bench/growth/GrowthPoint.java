package org.transducer4j.bench.growth;

import org.transducer4j.bench.head.HeadMeasurement;

/**
 * A measurement with its place on an axis.
 *
 * @param dimension that has grown
 * @param value what it has grown to
 * @param measurement of that shape
 */
public record GrowthPoint(Dimension dimension, int value, HeadMeasurement measurement) {
    /** What the point's line is called. */
    String line() {
        int threads = measurement.threads();
        return measurement.method() + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
}
