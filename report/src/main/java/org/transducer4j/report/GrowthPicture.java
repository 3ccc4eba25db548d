package org.transducer4j.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.JsonNode;

/** A picture of {@code growth.json}, as {@code t4j bench growth} writes it: a panel for each dimension, a line for each method and number of threads. */
public final class GrowthPicture {
    private GrowthPicture() {}

    /**
     * Draws it.
     *
     * @param file growth.json
     * @return text of an SVG file
     * @throws BadInputException if the file can't be read or holds no table
     */
    public static String of(Path file) {
        JsonNode tables = Records.read(file).path("tables");
        if (tables.isEmpty()) {
            throw new BadInputException(file + ": holds no tables of t4j bench growth");
        }
        List<Panels.Panel> panels = new ArrayList<>();
        for (JsonNode table : tables) {
            Map<String, List<JsonNode>> lines = new LinkedHashMap<>();
            for (JsonNode row : table.path("rows")) {
                lines.computeIfAbsent(row.path("method").asString(), _ -> new ArrayList<>())
                        .add(row);
            }
            List<Panels.Line> drawn = new ArrayList<>();
            lines.forEach((name, rows) -> drawn.add(new Panels.Line(
                    name,
                    rows.stream().mapToDouble(row -> Records.number(row, "x")).toArray(),
                    rows.stream()
                            .mapToDouble(row -> Records.number(row.path("seconds"), "median"))
                            .toArray())));
            panels.add(new Panels.Panel(table.path("x").asString(), drawn));
        }
        // A table's name ends with the shape from which its dimension grows: it is the same for all.
        String from = tables.path(0).path("name").asString().replaceFirst("^\\S+ grows ", "");
        return Panels.seconds("Seconds of a step's head, " + from, panels);
    }
}
