package org.transducer4j.loss.internal.simd;

import java.util.Optional;
import org.transducer4j.loss.internal.cpu.FloatKernels;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.Kernels;

/** Float32 kernels in the Vector API. This class itself loads without it. */
public final class SimdProvider implements KernelProvider {
    /** For the service loader. */
    public SimdProvider() {}

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public int preference() {
        return 20;
    }

    @Override
    public Optional<String> unavailable() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? Optional.empty()
                : Optional.of("the JVM was started without the Vector API; add --add-modules jdk.incubator.vector");
    }

    @Override
    public String description() {
        return "float32 in the Vector API, " + SimdOperations.vectorBits() + "-bit vectors";
    }

    @Override
    public Kernels open(int threads) {
        return new FloatKernels(new SimdOperations(), threads);
    }
}
