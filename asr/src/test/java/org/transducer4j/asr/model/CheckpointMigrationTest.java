package org.transducer4j.asr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.transducer4j.loss.method.Method;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Steps from version to version; files of version 1 as a whole are read in {@code CheckpointFormatTest}. */
class CheckpointMigrationTest {
    private static final Path FILE = Path.of("last.safetensors");

    private static Map<String, String> version2(String loss, double floor, double ctcScale, String branches) {
        return Map.of(
                "format",
                "transducer4j 2",
                "config",
                "{\"branches\": [%s]}".formatted(branches),
                "training",
                """
                        {"options": {"objective": {
                            "loss": "%s", "memoryBudget": {"bytes": 4096}, "occupancyFloor": %s, "clamp": 0.5, "ctcScale": %s,
                            "aligned": {"left": 3, "right": 4, "ctm": "words.ctm"}, "pruned": {"range": 7, "rule": "EDGES"}}}}
                        """.formatted(loss, floor, ctcScale),
                "tokens",
                "<blk> 0");
    }

    @ParameterizedTest
    @CsvSource({
        "tiled, 1e-6, 0, tiled+floor",
        "tiled, 0, 0, tiled",
        "split:4, 0.001, 0, split:4+floor:0.001",
        "sample-wise, 1e-6, 0.2, transducer+0.2*ctc/full/sample-wise+floor",
        "'aligned', 1e-6, 0, 'aligned:3,4+floor'",
        "pruned, 0, 0.5, transducer+0.5*ctc/pruned:7",
        "ctc, 1e-6, 0, ctc"
    })
    void anObjectiveOfVersion2HasAMethod(String loss, double floor, double ctcScale, String word) {
        Map<String, String> texts = CheckpointMigration.migrate(FILE, version2(loss, floor, ctcScale, ""));
        assertEquals(CheckpointMigration.format(), texts.get("format"));
        assertEquals("<blk> 0", texts.get("tokens"));
        JsonNode objective = JsonMapper.shared()
                .readTree(texts.get("training"))
                .path("options")
                .path("objective");
        assertEquals(word, Method.parse(objective.path("method").asString()).word());
        assertEquals(0.5, objective.path("clamp").asDouble());
        assertEquals(JsonMapper.shared().readTree("{\"ctm\": \"words.ctm\"}"), objective.path("aligned"));
        assertEquals(JsonMapper.shared().readTree("{\"rule\": \"EDGES\"}"), objective.path("pruned"));
        for (String gone : new String[] {"loss", "occupancyFloor", "ctcScale"}) {
            assertFalse(objective.has(gone), gone);
        }
    }

    @Test
    void branchesOfVersion2HaveNames() {
        Map<String, String> texts = CheckpointMigration.migrate(FILE, version2("tiled", 0, 0, "\"SIMPLE\", \"CTC\""));
        assertEquals("{\"branches\":[\"simple.encoder\",\"simple.predictor\",\"ctc\"]}", texts.get("config"));
        Map<String, String> unknown = version2("tiled", 0, 0, "\"SIDE\"");
        Exception e = assertThrows(BadInputException.class, () -> CheckpointMigration.migrate(FILE, unknown));
        assertTrue(e.getMessage().contains("SIDE") && e.getMessage().contains("version 2 to 3"), e.getMessage());
    }
}
