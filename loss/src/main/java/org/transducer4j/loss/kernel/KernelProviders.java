package org.transducer4j.loss.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chooses the kernels. */
public final class KernelProviders {
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private KernelProviders() {}

    /**
     * All providers, also those that can't run here.
     *
     * @return the providers, best first
     */
    public static List<KernelProvider> all() {
        return ServiceLoader.load(KernelProvider.class, KernelProviders.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(KernelProvider::preference).reversed())
                .toList();
    }

    /**
     * The provider of a name, or the best that can run. A default that has to fall back says so once, with the flag
     * that mends it.
     *
     * @param name its name, or null
     * @return the provider
     * @throws IllegalArgumentException if the one asked for doesn't exist or can't run here
     */
    public static KernelProvider choose(@Nullable String name) {
        List<KernelProvider> all = all();
        if (name != null) {
            KernelProvider named = all.stream()
                    .filter(p -> p.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no kernel provider \"" + name
                            + "\"; there are "
                            + all.stream().map(KernelProvider::name).collect(Collectors.joining(", "))));
            named.unavailable().ifPresent(why -> {
                throw new IllegalArgumentException("kernel provider " + name + " can't run here: " + why);
            });
            return named;
        }
        for (KernelProvider provider : all) {
            var why = provider.unavailable();
            if (why.isEmpty()) {
                return provider;
            }
            if (!WARNED.getAndSet(true)) {
                System.getLogger(KernelProviders.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "kernel provider " + provider.name() + " is off: " + why.get());
            }
        }
        throw new IllegalStateException("no kernel provider can run here");
    }
}
