package org.transducer4j.loss.internal.scalar;

import java.util.Optional;
import org.transducer4j.loss.internal.cpu.FloatKernels;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.Kernels;

/** Float32 kernels in plain Java. */
public final class ScalarProvider implements KernelProvider {
    /** For the service loader. */
    public ScalarProvider() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int preference() {
        return 10;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public String description() {
        return "float32 in plain Java";
    }

    @Override
    public Kernels open(int threads) {
        return new FloatKernels(new ScalarOperations(), threads);
    }
}
