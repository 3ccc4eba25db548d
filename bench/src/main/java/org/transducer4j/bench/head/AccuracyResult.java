package org.transducer4j.bench.head;

import java.util.Locale;

/**
 * How far a method is from the double-precision reference: |x - reference| / |reference| in the L2 norm, over the whole batch.
 *
 * @param shape B,T,U,V,H
 * @param method its word
 * @param loss the losses
 * @param encoder their gradient with respect to the encoder outputs
 * @param predictor with respect to the predictor outputs
 * @param weight with respect to the output weight
 * @param bias with respect to the output bias
 * @param nodes of the lattices
 * @param nodesBackward those that the occupancy floor left in the gradient
 * @param leftOut sum of the occupancies that it left out
 */
public record AccuracyResult(
        String shape,
        String method,
        double loss,
        double encoder,
        double predictor,
        double weight,
        double bias,
        long nodes,
        long nodesBackward,
        double leftOut) {
    /** What the columns of {@link #row} are. */
    public static final String HEADING = String.format(
            "%-22s %-14s %9s %9s %9s %9s %9s %7s %9s",
            "shape", "method", "loss", "encoder", "predictor", "weight", "bias", "kept", "left out");

    /**
     * For people.
     *
     * @return a line
     */
    public String row() {
        return String.format(
                Locale.ROOT,
                "%-22s %-14s %9.1e %9.1e %9.1e %9.1e %9.1e %6.1f%% %9.1e",
                shape,
                method,
                loss,
                encoder,
                predictor,
                weight,
                bias,
                100.0 * nodesBackward / nodes,
                leftOut);
    }
}
