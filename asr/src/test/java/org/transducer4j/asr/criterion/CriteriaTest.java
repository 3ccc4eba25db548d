package org.transducer4j.asr.criterion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.method.Method;
import org.transducer4j.loss.method.WindowRule;

class CriteriaTest {
    private static final ObjectiveOptions EXACT = ObjectiveOptions.defaults();

    private static String refused(Runnable build) {
        return assertThrows(IllegalArgumentException.class, build::run).getMessage();
    }

    @Test
    void bandsAreNoLossesOfTheirOwn() {
        assertTrue(Criteria.names().containsAll(List.of("transducer", "ctc")), Criteria.names()::toString);
        assertFalse(Criteria.names().contains("aligned"));
        assertFalse(Criteria.names().contains("pruned"));
        assertInstanceOf(TransducerCriterion.class, Criteria.of(Method.parse("pruned")));
        assertInstanceOf(CtcCriterion.class, Criteria.of(Method.parse("ctc")));
        assertInstanceOf(WeightedSum.class, Criteria.of(Method.parse("pruned+0.2*ctc")));
        String message = refused(() -> Criteria.of(Method.parse("transducer+0.1*entropy")));
        assertTrue(message.contains("there is no loss \"entropy\"; there are: transducer, ctc"), message);
        assertTrue(refused(() -> Criteria.of(Method.parse("transducer:3"))).contains("takes no arguments"));
    }

    @ParameterizedTest
    @CsvSource({
        "tiled, '', TRANSDUCER, false",
        "aligned, '', TRANSDUCER, true",
        "pruned, simple.encoder simple.predictor, TRANSDUCER, false",
        "ctc, ctc, CTC, false",
        "aligned:3+0.5*ctc, ctc, TRANSDUCER, true",
        "pruned+0.2*ctc, ctc simple.encoder simple.predictor, TRANSDUCER, false",
        "ctc+0.5*transducer, ctc, CTC, false"
    })
    void aMethodSaysWhatItNeeds(String word, String branches, ModelConfig.Criterion reading, boolean times) {
        ObjectiveOptions options = EXACT.withLoss(word);
        Criterion criterion = options.criterion();
        assertEquals(branches.isEmpty() ? Set.of() : Set.of(branches.split(" ")), criterion.branches(options));
        assertEquals(reading, criterion.reading(options));
        assertEquals(times, criterion.needsTimes(options));
    }

    @Test
    void aWordWithoutAFloorKeepsTheOneThereIs() {
        ObjectiveOptions floored = EXACT.withOccupancyFloor(1e-3);
        assertEquals(1e-3, floored.withLoss("packed").method().occupancyFloor());
        assertEquals(1e-3, floored.withLoss("packed+floor").method().occupancyFloor());
        assertEquals(0.5, floored.withLoss("packed+floor:0.5").method().occupancyFloor());
        assertEquals(0, floored.withLoss("ctc").method().occupancyFloor());
        assertEquals(0, EXACT.withLoss("packed").method().occupancyFloor());
        assertEquals(Method.USUAL_FLOOR, EXACT.withLoss("packed+floor").method().occupancyFloor());
        assertTrue(EXACT.method().isExact(), "exact where nothing is said");
    }

    @Test
    void whatNoLatticeHeedsIsNamed() {
        ObjectiveOptions pushed = new ObjectiveOptions(
                Method.exact(), EXACT.memoryBudget(), 0.01, 0.5, false, 0, EXACT.aligned(), EXACT.pruned());
        String message = refused(() -> pushed.withLoss("ctc"));
        assertTrue(message.contains("FastEmit 0.01, delay penalty 0.5"), message);
        assertTrue(refused(() -> EXACT.withHat(true).withLoss("ctc")).contains("HAT"));
        assertTrue(refused(() -> EXACT.withHat(true).withLoss("pruned")).contains("HAT"));
        assertEquals(ModelConfig.Criterion.HAT, EXACT.withHat(true).criterion().reading(EXACT.withHat(true)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiled", "aligned", "ctc"})
    void whatOnlyPrunedHeedsIsNamed(String word) {
        ObjectiveOptions options =
                EXACT.withLoss(word).withPruned(new PrunedOptions(WindowRule.EDGES, 10, 0.5, 0.25, 0));
        String message = refused(options::requireHeeded);
        assertTrue(message.contains("warm") && message.contains("pruned"), message);
        options.withLoss("pruned:3").requireHeeded();
    }

    @Test
    void whatOnlyAlignedHeedsIsNamed() {
        ObjectiveOptions options = EXACT.withAligned(new AlignedOptions("words.ctm"));
        String message = refused(options::requireHeeded);
        assertTrue(message.contains("words.ctm") && message.contains("band full"), message);
        options.withLoss("aligned").requireHeeded();
    }
}
