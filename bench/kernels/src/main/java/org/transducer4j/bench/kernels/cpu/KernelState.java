package org.transducer4j.bench.kernels.cpu;

import org.transducer4j.loss.internal.cpu.FloatKernels;
import org.transducer4j.loss.kernel.KernelProviders;

/** Opens the kernels that benchmarks look into. */
final class KernelState {
    private KernelState() {}

    static FloatKernels kernels(String provider, int threads) {
        return (FloatKernels) KernelProviders.choose(provider).open(threads);
    }
}
