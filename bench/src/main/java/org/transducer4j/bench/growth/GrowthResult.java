package org.transducer4j.bench.growth;

import java.util.ArrayList;
import java.util.List;
import org.transducer4j.bench.Machine;
import org.transducer4j.bench.Origin;
import org.transducer4j.bench.head.HeadMeasurement;

/**
 * All that was measured, as {@code growth.json} has it: {@code t4j report} makes curves of it.
 *
 * @param title of the page
 * @param command that measured
 * @param machine processor, memory, system
 * @param jdk its version
 * @param version of this program
 * @param tables one for each dimension
 */
public record GrowthResult(
        String title, String command, String machine, String jdk, String version, List<Table> tables) {
    /**
     * A dimension.
     *
     * @param name what stays
     * @param x what grows
     * @param rows its measurements
     */
    public record Table(String name, String x, List<Row> rows) {}

    /**
     * A measurement.
     *
     * @param method its word, with the number of threads
     * @param x what the dimension had grown to
     * @param shape B,T,U,V,H
     * @param threads of the loss
     * @param seconds of a step's head
     * @param scratchBytes the most scratch memory that the loss held
     * @param peakRssBytes the most memory that its process held; -1 where the system doesn't tell
     * @param executedGflops operations of the products a second
     * @param peakGflops of the bare product in cache, the median of measurements between the repetitions
     * @param peakFraction executedGflops / peakGflops
     */
    public record Row(
            String method,
            int x,
            String shape,
            int threads,
            HeadMeasurement.Seconds seconds,
            long scratchBytes,
            long peakRssBytes,
            double executedGflops,
            double peakGflops,
            double peakFraction) {}

    /**
     * The result of a measurement on this machine.
     *
     * @param options of it
     * @param origin of it
     * @param points what was measured
     * @return as a file has it
     */
    public static GrowthResult of(GrowthOptions options, Origin origin, List<GrowthPoint> points) {
        List<Table> tables = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            List<Row> rows = points.stream()
                    .filter(point -> point.dimension() == dimension)
                    .map(GrowthResult::row)
                    .toList();
            tables.add(new Table(dimension + " grows from B,T,U,V,H = " + options.base(), dimension.toString(), rows));
        }
        return new GrowthResult(
                "How time and memory grow",
                origin.command(),
                Machine.describe(),
                Runtime.version().toString(),
                origin.version(),
                tables);
    }

    private static Row row(GrowthPoint point) {
        HeadMeasurement one = point.measurement();
        return new Row(
                point.line(),
                point.value(),
                one.shape(),
                one.threads(),
                one.seconds(),
                one.scratchBytes(),
                one.peakRssBytes(),
                one.executedGflops(),
                one.peakGflops(),
                one.peakFraction());
    }
}
