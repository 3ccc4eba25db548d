package org.transducer4j.bench.growth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.transducer4j.bench.head.HeadBench;
import org.transducer4j.bench.head.HeadMeasurement;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.plan.HeadShape;

/** Measures a step's head at a shape and at larger ones: each of its numbers is doubled while the others stay. */
public final class Growth {
    private final GrowthOptions options;
    private final Function<HeadTask, HeadMeasurement> measurer;
    private final Listener listener;

    /** Hears how it goes on. */
    public interface Listener {
        /**
         * Before each measurement.
         *
         * @param task what
         * @param done measurements that are done
         * @param of measurements in all
         */
        void measuring(HeadTask task, int done, int of);
    }

    private Growth(GrowthOptions options, Function<HeadTask, HeadMeasurement> measurer, Listener listener) {
        this.options = options;
        this.measurer = measurer;
        this.listener = listener;
    }

    /**
     * Measures, each in a process of its own.
     *
     * @param options what
     * @param listener hears of it
     * @return points by dimension, then by method and threads, then by value
     * @throws IllegalArgumentException if a process fails
     */
    public static List<GrowthPoint> run(GrowthOptions options, Listener listener) {
        return run(options, HeadBench::measure, listener);
    }

    static List<GrowthPoint> run(
            GrowthOptions options, Function<HeadTask, HeadMeasurement> measurer, Listener listener) {
        return new Growth(options, measurer, listener).run();
    }

    private List<GrowthPoint> run() {
        List<HeadTask> tasks = options.tasks();
        Map<String, List<HeadMeasurement>> byShape = new HashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            listener.measuring(tasks.get(i), i, tasks.size());
            byShape.computeIfAbsent(tasks.get(i).shape(), _ -> new ArrayList<>())
                    .add(measurer.apply(tasks.get(i)));
        }
        List<GrowthPoint> points = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            Map<String, List<GrowthPoint>> lines = new LinkedHashMap<>();
            for (HeadShape shape : options.steps(dimension)) {
                for (HeadMeasurement one : byShape.getOrDefault(shape.toString(), List.of())) {
                    GrowthPoint point = new GrowthPoint(dimension, dimension.of(shape), one);
                    lines.computeIfAbsent(point.line(), _ -> new ArrayList<>()).add(point);
                }
            }
            lines.values().forEach(points::addAll);
        }
        return points;
    }

    private static Map<String, List<GrowthPoint>> lines(List<GrowthPoint> points, Dimension dimension) {
        Map<String, List<GrowthPoint>> lines = new LinkedHashMap<>();
        for (GrowthPoint point : points) {
            if (point.dimension() == dimension) {
                lines.computeIfAbsent(point.line(), _ -> new ArrayList<>()).add(point);
            }
        }
        return lines;
    }

    /**
     * A table in Markdown: a row for each shape, and for each line its seconds, its share of the machine's peak, and its scratch memory.
     *
     * @param points what was measured
     * @return the lines
     */
    public static List<String> table(List<GrowthPoint> points) {
        StringBuilder head = new StringBuilder("| |");
        StringBuilder rule = new StringBuilder("|---|");
        for (String name : lines(points, Dimension.B).keySet()) {
            head.append(" ").append(name).append(": seconds | of the peak | scratch |");
            rule.append("---|---|---|");
        }
        List<String> rows = new ArrayList<>(List.of(head.toString(), rule.toString()));
        for (Dimension dimension : Dimension.values()) {
            List<List<GrowthPoint>> lines = List.copyOf(lines(points, dimension).values());
            for (int i = 0; i < lines.getFirst().size(); i++) {
                StringBuilder row = new StringBuilder(
                        "| " + dimension + " = " + lines.getFirst().get(i).value() + " ");
                for (List<GrowthPoint> line : lines) {
                    HeadMeasurement one = line.get(i).measurement();
                    row.append(String.format(
                            Locale.ROOT,
                            "| %.4f | %.0f %% | %d MiB ",
                            one.seconds().median(),
                            100 * one.peakFraction(),
                            one.scratchBytes() >> 20));
                }
                rows.add(row + "|");
            }
        }
        return rows;
    }
}
