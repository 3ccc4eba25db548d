package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

class StoredObjectiveTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static ObjectiveOptions read(String json) {
        return JSON.readValue(json, StoredObjective.class).options();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiled",
                "split:3+floor",
                "pruned:4+floor:0.25",
                "transducer+0.2*ctc/aligned:1,2/packed",
                "ctc",
                "ctc+0.5*transducer/pruned:6"
            })
    void whatIsWrittenIsReadBack(String word) {
        ObjectiveOptions options = ObjectiveOptions.defaults().withLoss(word);
        assertEquals(options, read(JSON.writeValueAsString(StoredObjective.of(options))));
    }

    @Test
    void aLossThatIsNotRegisteredHereIsNamed() {
        String json = JSON.writeValueAsString(StoredObjective.of(ObjectiveOptions.defaults()))
                .replace("\"tiled\"", "\"transducer+2.0*entropy\"");
        Exception e = assertThrows(IllegalArgumentException.class, () -> read(json));
        assertTrue(e.getMessage().contains("there is no loss \"entropy\""), e.getMessage());
    }

    @Test
    void withoutAMethodItIsNotRead() {
        Exception e = assertThrows(DatabindException.class, () -> read("{\"memoryBudget\": {\"bytes\": 4096}}"));
        assertTrue(String.valueOf(e.getMessage()).contains("method"), e.getMessage());
    }
}
