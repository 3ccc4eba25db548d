package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.transducer4j.loss.LogitsBatch;
import org.transducer4j.loss.LogitsLoss;
import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.LossResult;
import org.transducer4j.loss.NonFinite;
import org.transducer4j.loss.Reduction;

/** Computes a case with one provider and compares. */
final class CaseCheck {
    private CaseCheck() {}

    /** Computes losses and gradients, and compares them with the references. */
    static CaseResult run(VectorCase vectors, String provider) {
        LossOptions options = LossOptions.defaults()
                .withBlank(vectors.blank())
                .withProvider(provider)
                .withNonFinite(NonFinite.SKIP);
        try (LogitsLoss loss = LogitsLoss.open(options);
                Arena arena = Arena.ofShared()) {
            MemorySegment gradient = arena.allocate(vectors.logits().byteSize(), Float.BYTES);
            // Whatever isn't written stays NaN and fails.
            gradient.fill((byte) 0xff);
            LogitsBatch batch = LogitsBatch.padded(
                            vectors.logits(),
                            vectors.frames(),
                            vectors.labels(),
                            vectors.vocabulary(),
                            vectors.frameLengths(),
                            vectors.targets())
                    .withGradient(gradient);
            LossResult result = loss.compute(batch, Reduction.SUM);
            return compare(vectors, result.losses(), gradient);
        }
    }

    static CaseResult compare(VectorCase vectors, double[] losses, MemorySegment gradient) {
        double lossError = 0;
        for (int b = 0; b < losses.length; b++) {
            double reference = vectors.losses()[b];
            lossError = CaseResult.worse(lossError, Math.abs(losses[b] - reference) / Math.max(1, Math.abs(reference)));
        }
        double gradientError = 0;
        double paddingError = 0;
        long index = 0;
        for (int b = 0; b < vectors.batch(); b++) {
            for (int t = 0; t < vectors.frames(); t++) {
                for (int u = 0; u <= vectors.labels(); u++) {
                    boolean padding = t >= vectors.frameLengths()[b] || u > vectors.targets()[b].length;
                    for (int k = 0; k < vectors.vocabulary(); k++, index++) {
                        double actual = gradient.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
                        if (padding) {
                            paddingError = CaseResult.worse(paddingError, Math.abs(actual));
                        } else {
                            gradientError = CaseResult.worse(
                                    gradientError,
                                    Math.abs(actual - vectors.gradients().get(index)));
                        }
                    }
                }
            }
        }
        return new CaseResult(lossError, gradientError, paddingError);
    }
}
