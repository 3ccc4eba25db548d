package org.transducer4j.loss.input;

import java.util.List;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.lattice.Band;

/**
 * What a simple joiner says about a batch.
 *
 * @param loss its losses
 * @param bands which nodes it leaves to the full joiner, an utterance each; all of them where its loss isn't finite
 */
public record SimpleResult(LossResult loss, List<Band> bands) {
    /**
     * Copies the list.
     *
     * @throws NullPointerException if something is null, by its name
     */
    public SimpleResult {
        Require.given(loss, "loss");
        bands = Require.all(bands, "bands");
    }
}
