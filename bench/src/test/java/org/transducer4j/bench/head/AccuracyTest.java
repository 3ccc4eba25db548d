package org.transducer4j.bench.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.transducer4j.bench.plan.HeadShape;
import org.transducer4j.loss.method.MemoryBudget;

class AccuracyTest {
    private static HeadOptions options(double floor, String... methods) {
        return new HeadOptions(
                List.of(HeadShape.parse("3,40,12,50,24")),
                null,
                0,
                0,
                List.of(methods),
                2,
                1,
                floor,
                new MemoryBudget(8 << 20),
                new Draw(1),
                null);
    }

    @Test
    void errorsAreThoseOfFloatsAndOfTheFloor() {
        List<AccuracyResult> heard = new ArrayList<>();
        List<AccuracyResult> results =
                Accuracy.run(Accuracy.tasks(options(1e-2, "tiled", "aligned:3", "batched", "tiled+floor")), heard::add);
        assertEquals(results, heard);
        for (AccuracyResult exact : results.subList(0, 3)) {
            assertTrue(exact.loss() < 1e-6, exact.row());
            assertTrue(exact.encoder() > 0 && exact.encoder() < 2e-5, exact.row());
            assertTrue(exact.predictor() > 0 && exact.predictor() < 2e-5, exact.row());
            assertTrue(exact.weight() > 0 && exact.weight() < 2e-5, exact.row());
            assertTrue(exact.bias() < 2e-5, exact.row());
        }
        AccuracyResult coarse = results.getLast();
        assertTrue(coarse.nodesBackward() < coarse.nodes() && coarse.leftOut() > 0, coarse.row());
        assertTrue(coarse.loss() < 1e-6, coarse.row());
        // A floor this high shows.
        assertTrue(coarse.encoder() > 1e-4, coarse.row());
    }

    @Test
    void prunedIsRefused() {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> Accuracy.tasks(options(0, "tiled", "pruned:4")));
        assertTrue(refused.getMessage().startsWith("pruned:4: "), refused.getMessage());
    }
}
