package org.transducer4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.transducer4j.speech.BadInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON files of a folder. */
final class Records {
    private Records() {}

    /** A file that holds one object. */
    static JsonNode read(Path file) {
        try {
            JsonNode node = JsonMapper.shared().readTree(Files.readString(file));
            if (!node.isObject()) {
                throw new BadInputException(file + ": want a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw new BadInputException(file + ": isn't valid JSON: " + problem(e), e);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /** A file with an object a line. A last line without its end is left out: somebody may be writing it. */
    static List<JsonNode> lines(Path file) {
        try {
            String text = Files.readString(file);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            List<JsonNode> nodes = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                try {
                    nodes.add(JsonMapper.shared().readTree(lines.get(i)));
                } catch (JacksonException e) {
                    throw BadInputException.at(file, i + 1, "isn't valid JSON: " + problem(e));
                }
            }
            return nodes;
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /** Without the parser's talk of sources that it doesn't show. */
    private static String problem(JacksonException e) {
        return String.valueOf(e.getOriginalMessage()).replaceAll(" \\(start marker at .*", "");
    }

    /** A number of an object; NaN where there is none, null or a string, which older files have for what isn't finite. */
    static double number(JsonNode node, String name) {
        JsonNode found = node.path(name);
        return found.isNumber() ? found.doubleValue() : Double.NaN;
    }
}
