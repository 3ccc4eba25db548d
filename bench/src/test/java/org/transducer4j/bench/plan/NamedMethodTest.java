package org.transducer4j.bench.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamedMethodTest {
    @Test
    void theUsualMethodsHaveTheirNames() {
        List<NamedMethod> usual = NamedMethod.usual(3, 7, 4);
        assertEquals(
                List.of("batched", "split:3", "packed", "sample-wise", "tiled", "aligned", "pruned"),
                usual.stream().map(NamedMethod::name).toList());
        assertEquals(
                List.of("batched", "split:3", "packed", "sample-wise", "tiled", "aligned:7", "pruned:4"),
                usual.stream().map(m -> m.method().word()).toList());
        assertEquals(5, usual.stream().filter(NamedMethod::exact).count());
        assertEquals(1, usual.stream().filter(NamedMethod::simpleJoiner).count());
    }

    @Test
    void aWordIsShownAsItWasWritten() {
        NamedMethod method = NamedMethod.parse("transducer/pruned:5/tiled+floor", 1e-3);
        assertEquals("transducer/pruned:5/tiled+floor", method.name());
        assertEquals("pruned+floor:0.001", method.method().word());
        assertFalse(method.exact());
        assertTrue(NamedMethod.parse("tiled+floor", 1e-3).exact(), "its loss leaves nothing out");
        assertEquals(20 * 5, method.band(new Lengths(20, 9)).nodes());
        assertThrows(IllegalArgumentException.class, () -> NamedMethod.parse("ctc", 0));
    }
}
