package org.transducer4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measurements: each {@code *.json} of a folder that has {@code tables}, or {@code results} of shapes and methods (docs/report.md). A table
 * whose rows have no {@code x} becomes bars by method, one whose rows have becomes curves over x, both axes logarithmic; a row without x in it
 * is a line across.
 */
final class BenchReport {
    /** Numbers that have room below a plot on a phone. */
    private static final int MOST_PLACES = 8;

    private BenchReport() {}

    /** The files with measurements in a folder. */
    static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> isMeasured(Records.read(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw BadInputException.unreadable(folder, e);
        }
    }

    private static boolean isMeasured(JsonNode node) {
        return holdsObjects(node.path("tables")) || holdsObjects(node.path("results"));
    }

    private static boolean holdsObjects(JsonNode list) {
        return list.isArray() && !list.isEmpty();
    }

    /** The tables of a file: its own, or one for each shape of its results. */
    private static List<JsonNode> tables(JsonNode node) {
        List<JsonNode> tables = new ArrayList<>();
        node.path("tables").forEach(tables::add);
        Map<String, ArrayNode> shapes = new LinkedHashMap<>();
        for (JsonNode result : node.path("results")) {
            shapes.computeIfAbsent(result.path("shape").asString(""), _ -> JsonNodeFactory.instance.arrayNode())
                    .add(result);
        }
        shapes.forEach((shape, rows) -> {
            ObjectNode table = JsonNodeFactory.instance.objectNode().put("name", shape);
            table.set("rows", rows);
            tables.add(table);
        });
        return tables;
    }

    static void write(Path file, Page page) {
        JsonNode node = Records.read(file);
        page.heading(node.path("title").asString(String.valueOf(file.getFileName())));
        if (node.has("command")) {
            page.paragraph("Measured by " + node.path("command").asString("")
                    + (node.has("machine") ? " on " + node.path("machine").asString("") : "")
                    + (node.has("jdk") ? ", JDK " + node.path("jdk").asString("") : "")
                    + (node.has("version") ? ", version " + node.path("version").asString("") : ""));
        }
        int number = 0;
        for (JsonNode table : tables(node)) {
            number++;
            List<JsonNode> rows = new ArrayList<>();
            table.path("rows").forEach(rows::add);
            if (rows.isEmpty()
                    || rows.stream().anyMatch(row -> !row.path("method").isString())) {
                throw new BadInputException(file + ": table " + number + " must have \"rows\", each with a \"method\"");
            }
            checkMeasures(file + ": table " + number, rows);
            table(table, rows, page);
        }
    }

    /** A row that couldn't be measured says so by its mark. */
    private static void checkMeasures(String where, List<JsonNode> rows) {
        boolean any = false;
        for (JsonNode row : rows) {
            any |= !mark(row).isEmpty();
            for (Measure measure : Measure.values()) {
                double value = measure.of(row);
                any |= Double.isFinite(value);
                if (value < 0 || Double.isInfinite(value)) {
                    throw new BadInputException("%s: %s of %s must be 0 or more and finite, not %s"
                            .formatted(
                                    where,
                                    measure.title.toLowerCase(Locale.ROOT),
                                    row.path("method").asString(""),
                                    value));
                }
            }
        }
        if (!any) {
            throw new BadInputException(where
                    + ": no row has a measurement, \"seconds\", \"scratchBytes\", \"totalBytes\" or \"peakRssBytes\"");
        }
    }

    private static void table(JsonNode table, List<JsonNode> rows, Page page) {
        String name = table.path("name").asString("");
        String note = table.path("note").asString("");
        if (!note.isEmpty()) {
            page.paragraph(note);
        }
        boolean curves = rows.stream().anyMatch(row -> row.path("x").isNumber());
        List<Measure> measures = Stream.of(Measure.values())
                .filter(measure -> rows.stream().anyMatch(row -> Double.isFinite(measure.of(row))))
                .toList();
        List<String> figures = new ArrayList<>();
        for (Measure measure : measures) {
            figures.add(
                    curves
                            ? curves(name, table.path("x").asString("x"), measure, rows)
                            : Bars.figure(measure.title, name, measure.unit, bars(measure, rows)));
        }
        page.figures(figures);
        List<List<String>> cells = new ArrayList<>();
        for (JsonNode row : rows) {
            List<String> line = new ArrayList<>();
            line.add(row.path("method").asString(""));
            if (curves) {
                double x = Records.number(row, "x");
                line.add(Double.isFinite(x) ? Axis.Unit.NUMBER.write(x) : "");
            }
            for (Measure measure : measures) {
                double value = measure.of(row);
                line.add(Double.isFinite(value) ? measure.unit.write(value) : "");
            }
            line.add(note(row));
            cells.add(line);
        }
        List<String> head = new ArrayList<>(List.of("method"));
        if (curves) {
            head.add(table.path("x").asString("x"));
        }
        measures.forEach(measure -> head.add(measure.title.toLowerCase(Locale.ROOT)));
        head.add("");
        page.table(head, cells);
    }

    private enum Measure {
        SECONDS("Time", Axis.Unit.SECONDS) {
            @Override
            double of(JsonNode row) {
                JsonNode seconds = row.path("seconds");
                return seconds.isObject() ? Records.number(seconds, "median") : Records.number(row, "seconds");
            }
        },
        SCRATCH("Scratch memory", Axis.Unit.BYTES) {
            @Override
            double of(JsonNode row) {
                return Records.number(row, "scratchBytes");
            }
        },
        TOTAL("Memory in all", Axis.Unit.BYTES) {
            @Override
            double of(JsonNode row) {
                return Records.number(row, "totalBytes");
            }
        },
        PROCESS("Process memory", Axis.Unit.BYTES) {
            @Override
            double of(JsonNode row) {
                return Records.number(row, "peakRssBytes");
            }
        };

        private final String title;
        private final Axis.Unit unit;

        Measure(String title, Axis.Unit unit) {
            this.title = title;
            this.unit = unit;
        }

        abstract double of(JsonNode row);
    }

    private static List<Bars.Bar> bars(Measure measure, List<JsonNode> rows) {
        List<Bars.Bar> bars = new ArrayList<>();
        for (JsonNode row : rows) {
            if (mark(row).equals("published") && Double.isNaN(measure.of(row))) {
                continue;
            }
            bars.add(new Bars.Bar(
                    row.path("method").asString(""),
                    measure.of(row),
                    note(row).replaceAll(";.*", ""),
                    mark(row).equals("published") ? 3 : row.path("exact").asBoolean(true) ? 1 : 2));
        }
        return bars;
    }

    private static String mark(JsonNode row) {
        return row.path("mark").asString("");
    }

    /** Its note; behind a mark that the note doesn't say. */
    private static String note(JsonNode row) {
        String note = row.path("note").asString("");
        return mark(row).equals("does not fit") || mark(row).equals("failed") ? mark(row) + ": " + note : note;
    }

    private static String curves(String name, String across, Measure measure, List<JsonNode> rows) {
        Map<String, List<JsonNode>> methods = new LinkedHashMap<>();
        for (JsonNode row : rows) {
            methods.computeIfAbsent(row.path("method").asString(""), _ -> new ArrayList<>())
                    .add(row);
        }
        double[] xs = rows.stream()
                .mapToDouble(row -> Records.number(row, "x"))
                .filter(Double::isFinite)
                .toArray();
        double[] ys = rows.stream().mapToDouble(measure::of).toArray();
        List<Series> series = new ArrayList<>();
        methods.forEach((method, points) -> series.add(series(method, points, measure, xs, series.size() % 8 + 1)));
        Axis y = Axis.over(ys, true, measure.unit);
        List<Double> places = Arrays.stream(xs).boxed().distinct().sorted().toList();
        // A handful of places, such as doublings, are named as they are; more get round numbers.
        if (places.size() >= 2 && places.size() <= MOST_PLACES && places.getFirst() > 0) {
            Axis x = new Axis(places.getFirst(), places.getLast(), true, Axis.Unit.NUMBER);
            return Plot.lines(measure.title, name, across, x, places, y, series);
        }
        return Plot.lines(measure.title, name, across, Axis.over(xs, true, Axis.Unit.NUMBER), y, series);
    }

    /** Points over x; those without x are the same everywhere. */
    private static Series series(String method, List<JsonNode> points, Measure measure, double[] xs, int color) {
        if (points.stream().noneMatch(row -> row.path("x").isNumber())) {
            double y = measure.of(points.getFirst());
            double[] ends = {
                Arrays.stream(xs).min().orElseThrow(), Arrays.stream(xs).max().orElseThrow()
            };
            return new Series(method, ends, new double[] {y, y}, color, false);
        }
        return new Series(
                method,
                points.stream().mapToDouble(row -> Records.number(row, "x")).toArray(),
                points.stream().mapToDouble(measure::of).toArray(),
                color,
                true,
                points.stream().map(BenchReport::note).toList());
    }
}
