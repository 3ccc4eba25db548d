package org.transducer4j.toy;

import java.util.Optional;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.Kernels;

/** Kernels for a device that no machine has. */
public final class ToyDevice implements KernelProvider {
    @Override
    public String name() {
        return "toy-device";
    }

    @Override
    public int preference() {
        return -2;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.of("there is no toy device; build one");
    }

    @Override
    public String description() {
        return "the toy device";
    }

    @Override
    public Kernels open(int threads) {
        throw new IllegalStateException("nobody opens what isn't available");
    }
}
