package org.transducer4j.report;

import java.util.Arrays;
import java.util.List;

/**
 * Points to be joined by a line.
 *
 * @param name for the legend
 * @param x ascending
 * @param y as many
 * @param color number of one of the page's colours, from 1
 * @param dots whether each point is marked
 * @param notes what to say of each point, or empty; a point that has a note is marked hollow
 */
@SuppressWarnings("ArrayRecordComponent")
record Series(String name, double[] x, double[] y, int color, boolean dots, List<String> notes) {
    /** Without notes. */
    Series(String name, double[] x, double[] y, int color, boolean dots) {
        this(name, x, y, color, dots, List.of());
    }

    /** Means over equal parts of the x axis: at most so many points. */
    Series smoothed(int most) {
        if (x.length <= most) {
            return this;
        }
        double[] meanX = new double[most];
        double[] meanY = new double[most];
        for (int i = 0; i < most; i++) {
            int from = (int) ((long) i * x.length / most);
            int to = (int) ((i + 1L) * x.length / most);
            meanX[i] = Arrays.stream(x, from, to).average().orElseThrow();
            meanY[i] = Arrays.stream(y, from, to)
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN);
        }
        return new Series(name, meanX, meanY, color, dots);
    }
}
