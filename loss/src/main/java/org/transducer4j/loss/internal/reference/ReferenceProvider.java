package org.transducer4j.loss.internal.reference;

import java.util.Optional;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.Kernels;
import org.transducer4j.loss.kernel.SymbolScorer;

/** Double precision, one thread, slow: the oracle. */
public final class ReferenceProvider implements KernelProvider {
    /** For the service loader. */
    public ReferenceProvider() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public String description() {
        return "textbook loops in double precision, one thread";
    }

    @Override
    public Kernels open(int threads) {
        return new ReferenceKernels();
    }

    @Override
    public SymbolScorer scorer(float[] weight, float[] bias) {
        float[] w = weight.clone();
        float[] b = bias.clone();
        int width = w.length / b.length;
        return (hidden, offset, logits) -> {
            for (int v = 0; v < b.length; v++) {
                double z = b[v];
                for (int h = 0; h < width; h++) {
                    z += (double) w[v * width + h] * hidden[offset + h];
                }
                logits[v] = (float) z;
            }
        };
    }
}
