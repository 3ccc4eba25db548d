package org.transducer4j.loss.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

class MethodTest {
    private static String said(Executable call) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    }

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
                "aligned:0,12",
                "pruned",
                "pruned:7",
                "ctc",
                "tiled+floor",
                "pruned+floor",
                "packed+floor:0.001",
                "transducer+0.2*ctc",
                "transducer+0.2*ctc/pruned:3/packed",
                "transducer/aligned/sample-wise",
                "tdt:0,1,2",
                "multi-blank:2,4,8/pruned",
                "tdt:0,1,2+0.5*ctc/full/split:2+floor",
                "transducer+1.0E-4*ctc",
                "transducer+1.0E10*ctc",
                "ctc+0.5*transducer/aligned:5,20",
                "toy",
                "toy_2:x=1;y=a.b"
            })
    void aWordIsReadBack(String word) {
        Method method = Method.parse(word);
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

    /** Whatever is put together. */
    @Test
    void everyCombinationIsReadBack() {
        int checked = 0;
        for (String losses :
                List.of("transducer", "transducer+0.25*ctc", "tdt:0,1,2", "ctc+2*transducer+1e-7*toy", "toy:a")) {
            for (String band : List.of("full", "aligned", "aligned:0", "aligned:1,2", "pruned", "pruned:2")) {
                for (String schedule : List.of("batched", "split:1", "split:9", "packed", "sample-wise", "tiled")) {
                    for (double floor : new double[] {0, -0.0, 1e-6, 1e-300, 0.1, 0.999}) {
                        Method method = Method.of(losses, band, schedule, floor);
                        assertEquals(method, Method.parse(method.word()), method.word());
                        checked++;
                    }
                }
            }
        }
        assertEquals(5 * 6 * 6 * 6, checked);
    }

    @Test
    void longFormsOfUsualCombinationsAreTheirWords() {
        assertEquals("tiled", Method.of("transducer", "full", "tiled", 0.0).word());
        assertEquals("tiled", Method.of(null, null, null, null).word());
        assertEquals("pruned", Method.of("transducer", "pruned:5", null, 0.0).word());
        assertEquals(
                "aligned:4",
                Method.of("transducer", "aligned:4,4", "tiled", 0.0).word());
        assertEquals("aligned", Method.of(null, "aligned:10", null, null).word());
        assertEquals("split:3", Method.of("transducer", null, "split:3", 0.0).word());
        assertEquals(
                "transducer/pruned/packed",
                Method.of("pruned", null, "packed", 0.0).word());
        assertEquals(
                "transducer+0.2*ctc/pruned:3", Method.parse("pruned:3+0.2*ctc").word());
        assertEquals("transducer+0.2*ctc", Method.parse("tiled+0.2*ctc").word());
        assertEquals(Method.exact(), Method.parse("transducer"));
        assertEquals(1e-3, Method.parse("tiled+floor", 1e-3).occupancyFloor());
        assertEquals(1e-6, Method.of("tiled+floor", null, null, null).occupancyFloor());
        assertEquals(1e-3, Method.of("tiled+floor", null, null, 1e-3).occupancyFloor());
        assertEquals(0, Method.parse("tiled+floor", 0).occupancyFloor());
    }

    @Test
    void exactIsWhatLeavesNothingOut() {
        assertTrue(Method.parse("packed").isExact());
        assertFalse(Method.parse("aligned").isExact());
        assertFalse(Method.parse("packed+floor").isExact());
        assertTrue(Method.parse("packed+floor").withOccupancyFloor(0).isExact());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ctc/pruned | want band full, got pruned",
                "ctc/full/packed | it has no schedule, got packed",
                "ctc+floor | want no occupancy floor, got 1.0E-6",
                "ctc+0.2*ctc | named twice",
                "0.5*transducer | first loss has weight 1",
                "transducer+0*ctc | above 0 and finite, not 0.0",
                "transducer+-1*ctc | above 0 and finite, not -1.0",
                "transducer+1e999*ctc | not Infinity",
                "transducer+NaN*ctc | above 0 and finite, not NaN",
                "transducer+x*ctc | \"x\" is no number",
                "transducer+ | is no loss",
                "'' | is no loss: want NAME[:ARGUMENTS]",
                "+floor | is no loss",
                "CTC | is no loss",
                "transducer:| is no loss",
                "tiled+floor+floor | \"floor\" is no loss of its own",
                "transducer+0.2*tiled | \"tiled\" is no loss of its own",
                "transducer/narrow | there are: full, aligned[:FRAMES",
                "transducer/full:3 | takes no arguments",
                "pruned:x | whole number (pruned[:S]), got \"x\"",
                "pruned: | whole number (pruned[:S]), got \"\"",
                "pruned:1 | 2 label positions or more, not 1",
                "aligned:1,2,3 | one or two numbers",
                "aligned:-1 | 0 frames or more, not -1",
                "split:0 | 1 utterance or more, not 0",
                "split:many | \"split:many\"",
                "split | is no schedule",
                "tiled:3 | is no schedule",
                "tiled+floor:1 | in [0, 1), not 1.0",
                "tiled+floor:-0.1 | in [0, 1), not -0.1",
                "tiled+floor:NaN | in [0, 1), not NaN",
                "tiled+floor:x | the occupancy floor is no number, but \"x\"",
                "tiled/pruned/packed | means schedule tiled, but the schedule named is packed",
                "transducer/full/slow | is no schedule: batched, split:N, packed, sample-wise or tiled",
                "a/b/c/d | want LOSS[/BAND[/SCHEDULE]][+floor[:X]], got 4 parts"
            })
    void whatMakesNoSenseIsRefusedByName(String word, String message) {
        String said = said(() -> Method.parse(word));
        assertTrue(said.contains(message), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void aWordAndAnOptionMayNotContradict() {
        assertEquals(
                "the loss \"aligned\" means band aligned, but the band named is pruned",
                said(() -> Method.of("aligned", "pruned", null, null)));
        assertEquals("aligned", Method.of("aligned", "aligned:10", null, null).word());
        assertEquals("tiled", Method.of("tiled", "full", "tiled", null).word());
        assertTrue(said(() -> Method.of("tiled", null, "packed", null)).contains("schedule"));
        assertTrue(said(() -> Method.of("tiled+floor:0.1", null, null, 0.2)).contains("floor 0.1"));
        assertTrue(said(() -> Method.of("tiled", null, null, 1.0)).contains("1.0"));
        assertTrue(said(() -> Method.of("tiled", null, null, Double.NaN)).contains("NaN"));
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        String said = said(() -> Method.of("foo+0*ctc", "narrow", "split:0", 1.5, List.of("transducer", "ctc")));
        for (String part : List.of(
                "there is no loss \"foo\"; there are: transducer, ctc",
                "weight of the loss ctc",
                "there is no band \"narrow\"; there are: full",
                "split needs 1 utterance or more, not 0",
                "[0, 1), not 1.5")) {
            assertTrue(said.contains(part), said);
        }
        String parts = said(() -> Method.of("ctc", "pruned", "packed", 0.1));
        for (String part : List.of("want band full, got pruned", "no schedule, got packed", "got 0.1")) {
            assertTrue(parts.contains(part), parts);
        }
    }

    @Test
    void lossesThatNobodyComputesAreRefused() {
        Method method = Method.parse("transducer+0.3*toy+0.1*other");
        method.requireLosses(List.of("transducer", "toy", "other"));
        String said = said(() -> method.requireLosses(List.of("transducer", "ctc")));
        assertTrue(said.startsWith("there is no loss \"toy\", \"other\"; there are: transducer, ctc;"), said);
        assertTrue(
                said.contains("batched, split:N, packed, sample-wise, tiled, aligned[") && said.contains("pruned[:S]"),
                said);
        assertTrue(said(() -> Method.parse("fast", 0, List.of("transducer"))).contains("\"fast\""));
    }

    @Test
    void termsThatCouldNotBeReadBackAreRefused() {
        assertTrue(said(() -> new Method.Term("Toy", "", 1)).contains("\"Toy\""));
        assertTrue(said(() -> new Method.Term("", "", 1)).contains("\"\""));
        assertTrue(said(() -> new Method.Term("toy", "1+2", 1)).contains("\"1+2\""));
        assertTrue(said(() -> new Method.Term("pruned", "", 1)).contains("\"pruned\""));
        assertTrue(said(() -> new Method(List.of(), new FullBand(), new Schedule.Tiled(), 0))
                .contains("one loss"));
    }

    @Test
    void plannedBandsHaveAPath() {
        for (BandRule rule : List.of(
                new FullBand(), new AlignedBand(), BandRule.parse("aligned:0"), new PrunedBand(), new PrunedBand(2))) {
            for (Topology topology : Topology.values()) {
                for (int[] size : new int[][] {{1, 0}, {1, 1}, {9, 3}, {40, 12}, {7, 7}, {2, 100}, {3, 50}, {60, 59}}) {
                    if (topology.labelTakesFrame() && size[0] < size[1]) {
                        continue;
                    }
                    Band band = rule.planned(size[0], size[1], topology);
                    assertTrue(
                            band.blocked(topology) < 0,
                            rule.word() + " " + topology + " " + size[0] + " " + size[1] + " "
                                    + band.blocked(topology));
                }
            }
        }
    }

    @Test
    void rulesAreRegisteredOnce() {
        assertEquals(
                List.of("full", "aligned", "pruned"),
                BandRule.all().stream().map(BandRule::word).toList());
    }
}
