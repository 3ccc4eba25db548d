package org.transducer4j.bench.head;

import java.nio.file.Path;
import java.util.List;
import org.transducer4j.loss.schedule.MemoryBudget;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Options on their way to a process. */
final class HeadJson {
    private static final JsonMapper JSON = new JsonMapper();

    private HeadJson() {}

    /** For one shape and one method. */
    static String write(HeadOptions options, HeadShape shape, String method) {
        ObjectNode node = JSON.createObjectNode()
                .put("shape", shape.toString())
                .put("method", method)
                .put("firstBatch", options.firstBatch())
                .put("lastBatch", options.lastBatch())
                .put("threads", options.threads())
                .put("reps", options.reps())
                .put("occupancyFloor", options.occupancyFloor())
                .put("memoryBudget", options.memoryBudget().bytes())
                .put("seed", options.seed());
        if (options.lengths() != null) {
            node.put("lengths", options.lengths().toString());
        }
        return node.toString();
    }

    static HeadOptions read(String text) {
        JsonNode node = JSON.readTree(text);
        return new HeadOptions(
                List.of(HeadShape.parse(node.get("shape").asString())),
                node.has("lengths") ? Path.of(node.get("lengths").asString()) : null,
                node.get("firstBatch").asInt(),
                node.get("lastBatch").asInt(),
                List.of(node.get("method").asString()),
                node.get("threads").asInt(),
                node.get("reps").asInt(),
                node.get("occupancyFloor").asDouble(),
                new MemoryBudget(node.get("memoryBudget").asLong()),
                node.get("seed").asLong());
    }
}
