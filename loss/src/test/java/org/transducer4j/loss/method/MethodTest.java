package org.transducer4j.loss.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.lattice.Topology;

class MethodTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiled",
                "sample-wise",
                "packed",
                "batched",
                "split:4",
                "aligned",
                "aligned:3",
                "aligned:0:12",
                "pruned",
                "pruned:7",
                "ctc",
                "tiled+floor",
                "pruned+floor",
                "transducer+0.2*ctc",
                "transducer+0.2*ctc/pruned:3/packed",
                "transducer/aligned/sample-wise",
                "tdt:0,1,2",
                "tdt:0,1,2+0.5*ctc/full/split:2+floor",
                "transducer+1.0E-4*ctc",
                "toy"
            })
    void aWordIsReadBack(String word) {
        Method method = Method.parse(word, Method.USUAL_FLOOR);
        assertEquals(word, method.word());
        assertEquals(method, Method.parse(method.word(), Method.USUAL_FLOOR));
        assertEquals(
                method,
                Method.of(
                        method.lossWord(),
                        method.band().word(),
                        method.schedule().word(),
                        method.occupancyFloor()));
    }

    @Test
    void longFormsOfUsualCombinationsAreTheirWords() {
        assertEquals("tiled", Method.of("transducer", "full", "tiled", 0).word());
        assertEquals("pruned", Method.of("transducer", "pruned:5", null, 0).word());
        assertEquals(
                "aligned:4", Method.of("transducer", "aligned:4:4", "tiled", 0).word());
        assertEquals("split:3", Method.of("transducer", null, "split:3", 0).word());
        assertEquals(
                "transducer/pruned/packed",
                Method.of("pruned", null, "packed", 0).word());
        assertEquals(Method.exact(), Method.parse("transducer", 0));
        assertEquals(1e-3, Method.parse("tiled+floor", 1e-3).occupancyFloor());
    }

    @Test
    void exactIsWhatLeavesNothingOut() {
        assertTrue(Method.parse("packed", 0).isExact());
        assertFalse(Method.parse("aligned", 0).isExact());
        assertFalse(Method.parse("packed+floor", 1e-6).isExact());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ctc/pruned | want band full, got pruned",
                "ctc/full/packed | it has no schedule, got packed",
                "ctc+0.2*ctc | named twice",
                "0.5*transducer | first loss has weight 1",
                "transducer+0*ctc | above 0 and finite, not 0.0",
                "transducer+-1*ctc | above 0 and finite, not -1.0",
                "transducer+1e999*ctc | not Infinity",
                "transducer+x*ctc | is no loss",
                "transducer+ | is no loss",
                "transducer/narrow | there are: full, aligned[:FRAMES]",
                "transducer/full:3 | takes no arguments",
                "pruned:x | whole number (pruned[:S]), got \"x\"",
                "pruned:1 | 2 label positions or more, not 1",
                "aligned:1:2:3 | one or two numbers",
                "aligned:-1 | 0 frames or more, not -1",
                "split:0 | 1 utterance or more, not 0",
                "split | is no schedule",
                "transducer/full/slow | is no schedule",
                "a/b/c/d | 4 parts"
            })
    void whatMakesNoSenseIsRefusedByName(String word, String message) {
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Method.parse(word, 1e-6))
                .getMessage());
        assertTrue(said.contains(message), said);
    }

    @Test
    void aWordAndAnOptionMayNotContradict() {
        String said = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> Method.of("aligned", "pruned", null, 0))
                        .getMessage());
        assertEquals("the loss \"aligned\" means band aligned, but the band named is pruned", said);
        assertEquals("aligned", Method.of("aligned", "aligned", null, 0).word());
        assertThrows(IllegalArgumentException.class, () -> Method.of("tiled", null, "packed", 0));
        assertThrows(IllegalArgumentException.class, () -> Method.of("tiled", null, null, 1));
        assertThrows(IllegalArgumentException.class, () -> Method.of("tiled", null, null, Double.NaN));
    }

    @Test
    void lossesThatNobodyComputesAreRefused() {
        Method method = Method.parse("transducer+0.3*toy", 0);
        method.requireLosses(List.of("transducer", "toy"));
        String said = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> method.requireLosses(List.of("transducer", "ctc")))
                        .getMessage());
        assertTrue(said.startsWith("there is no loss \"toy\"; there are: transducer, ctc"), said);
    }

    @Test
    void plannedBandsHaveAPath() {
        for (BandRule rule : Method.bands()) {
            for (int[] size : new int[][] {{1, 0}, {1, 1}, {9, 3}, {40, 12}, {7, 7}}) {
                assertTrue(
                        rule.planned(size[0], size[1], Topology.REGULAR).blocked(Topology.REGULAR) < 0,
                        rule.word() + " " + size[0] + " " + size[1]);
            }
        }
    }
}
