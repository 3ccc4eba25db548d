package org.transducer4j.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class JsonTextTest {
    @Test
    void whatIsntFiniteIsNull() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", Double.NaN);
        map.put("b", Float.NEGATIVE_INFINITY);
        map.put("c", new double[] {1, Double.POSITIVE_INFINITY});
        map.put("d", new float[] {Float.NaN, 0.5f});
        map.put("e", Arrays.asList(Double.NaN, 2.5, null, "NaN"));
        map.put("f", Map.of("g", Double.POSITIVE_INFINITY));
        ObjectNode node =
                JsonMapper.shared().createObjectNode().put("h", Double.NaN).put("i", 1e300);
        map.put("j", node);
        assertEquals(
                "{\"a\":null,\"b\":null,\"c\":[1.0,null],\"d\":[null,0.5],\"e\":[null,2.5,null,\"NaN\"],"
                        + "\"f\":{\"g\":null},\"j\":{\"h\":null,\"i\":1.0E300}}",
                JsonText.line(map));
        assertEquals("{ }\n", JsonText.indented(Map.of()));
        assertEquals("[null]", JsonText.line(List.of(Double.NaN)));
    }
}
