package org.transducer4j.loss.internal.reference;

import java.util.Optional;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.Kernels;

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
}
