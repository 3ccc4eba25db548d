package org.transducer4j.bench.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.transducer4j.bench.Origin;
import org.transducer4j.bench.head.HeadMeasurement;
import org.transducer4j.bench.head.HeadTask;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.loss.method.MemoryBudget;

class GrowthTest {
    private static final GrowthOptions OPTIONS = new GrowthOptions(
            HeadShape.parse("2,30,5,40,16"), 2, List.of("tiled"), List.of(1, 2), 1, new MemoryBudget(64 << 20), 1);

    /** As if time went with the number of logits' products, divided by the threads. */
    private static HeadMeasurement measure(HeadTask task) {
        HeadShape shape = HeadShape.parse(task.shape());
        double work = 1e-9 * task.threads();
        for (Dimension dimension : Dimension.values()) {
            work *= dimension.of(shape);
        }
        double seconds = work / task.threads() / task.threads();
        return new HeadMeasurement(
                task.shape(),
                task.method(),
                task.threads(),
                new HeadMeasurement.Seconds(seconds, seconds, seconds),
                1 << 20,
                -1,
                1,
                2,
                0.5,
                1,
                1,
                0,
                0);
    }

    private static List<GrowthPoint> points(List<HeadTask> asked) {
        return Growth.run(
                OPTIONS,
                task -> {
                    asked.add(task);
                    return measure(task);
                },
                (_, _, _) -> {});
    }

    @Test
    void eachNumberIsDoubledWhileTheOthersStay() {
        List<HeadTask> asked = new ArrayList<>();
        List<GrowthPoint> points = points(asked);
        assertEquals(2 * (1 + 5 * 2), asked.size()); // the first shape once
        assertEquals(5 * 2 * 3, points.size());
        List<String> u = points.stream()
                .filter(point ->
                        point.dimension() == Dimension.U && point.measurement().threads() == 2)
                .map(point -> point.value() + " " + point.measurement().shape())
                .toList();
        assertEquals(List.of("5 2,30,5,40,16", "10 2,30,10,40,16", "20 2,30,20,40,16"), u);
    }

    @Test
    void theTableHasARowForEachSize() {
        List<String> table = Growth.table(points(new ArrayList<>()));
        assertEquals(2 + 5 * 3, table.size());
        assertEquals("| B = 2 | 0.0002 | 50 % | 1 MiB | 0.0001 | 50 % | 1 MiB |", table.get(2));
        long cells = table.getFirst().chars().filter(c -> c == '|').count();
        assertTrue(table.stream()
                .allMatch(row -> row.chars().filter(c -> c == '|').count() == cells));
    }

    @Test
    void theFileHasATableOfEachDimension() {
        GrowthResult result = GrowthResult.of(OPTIONS, new Origin("t4j bench growth", "1"), points(new ArrayList<>()));
        assertEquals(5, result.tables().size());
        assertEquals(
                List.of(2, 4, 8),
                result.tables().getFirst().rows().stream()
                        .limit(3)
                        .map(GrowthResult.Row::x)
                        .toList());
    }

    @Test
    void badNumbersAreRefused() {
        var tooOften = assertThrows(
                IllegalArgumentException.class,
                () -> new GrowthOptions(
                        OPTIONS.base(), 11, List.of("tiled"), List.of(1), 1, OPTIONS.memoryBudget(), 1));
        assertEquals("doublings must be 1 to 10, not 11", tooOften.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> new GrowthOptions(
                        OPTIONS.base(), 1, List.of("tiled"), List.of(2, 2), 1, OPTIONS.memoryBudget(), 1));
        var tooMuch = assertThrows(
                IllegalArgumentException.class, () -> Dimension.V.times(HeadShape.parse("1,1,1,9000000,2"), 1024));
        assertEquals("V can't become 9216000000", tooMuch.getMessage());
    }
}
