package org.transducer4j.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.transducer4j.speech.BadInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

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

    /**
     * The objects of a file that was written line by line, perhaps by a program that was killed.
     *
     * @param objects in their order
     * @param unreadable lines that are none
     */
    record Lines(List<JsonNode> objects, int unreadable) {}

    /** A file with an object a line. A last line without its end is left out: somebody may be writing it. */
    static Lines lines(Path file) {
        try {
            // A damaged line is no reason to show nothing of the others, and may hold any bytes.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            List<JsonNode> objects = lines.stream()
                    .map(Records::objectOrMissing)
                    .filter(JsonNode::isObject)
                    .toList();
            return new Lines(objects, lines.size() - objects.size());
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    private static JsonNode objectOrMissing(String line) {
        try {
            return JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
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
