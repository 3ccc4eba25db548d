package org.transducer4j.loss.kernel;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds and chooses the kernels. Those of others are found too, once they are registered: by {@code provides} in their module-info on the module
 * path, in {@code META-INF/services} on the class path, also where only the thread's context class loader sees them.
 */
public final class KernelProviders {
    private static final AtomicBoolean WARNED_OF_FALLING_BACK = new AtomicBoolean();
    private static final AtomicBoolean WARNED_OF_FAILURES = new AtomicBoolean();

    /** More registrations that can't be loaded than this, and the loader gets nowhere. */
    private static final int MOST_FAILURES = 100;

    private KernelProviders() {}

    /**
     * All providers, also those that can't run here. A registered one that can't even be loaded isn't among them, see {@link #failures}.
     *
     * @return the providers, best first
     */
    public static List<KernelProvider> all() {
        return Found.search().providers();
    }

    /**
     * Why registered providers can't be loaded.
     *
     * @return a sentence for each
     */
    public static List<String> failures() {
        return Found.search().failures();
    }

    /**
     * What is registered.
     *
     * @param providers those that could be loaded, best first
     * @param failures why others couldn't, in a sentence each
     */
    private record Found(List<KernelProvider> providers, List<String> failures) {
        static Found search() {
            Map<Class<?>, KernelProvider> providers = new LinkedHashMap<>();
            Set<String> failures = new LinkedHashSet<>();
            for (ClassLoader loader : loaders()) {
                load(loader, providers, failures);
            }
            return new Found(
                    providers.values().stream()
                            .sorted(Comparator.comparingInt(KernelProvider::preference)
                                    .reversed())
                            .toList(),
                    List.copyOf(failures));
        }

        private static void load(ClassLoader loader, Map<Class<?>, KernelProvider> providers, Set<String> failures) {
            Iterator<KernelProvider> registered =
                    ServiceLoader.load(KernelProvider.class, loader).iterator();
            int failed = 0;
            while (failed < MOST_FAILURES) {
                try {
                    if (!registered.hasNext()) {
                        return;
                    }
                    KernelProvider provider = registered.next();
                    providers.putIfAbsent(provider.getClass(), provider);
                } catch (ServiceConfigurationError | LinkageError e) {
                    failures.add(
                            e.getCause() == null
                                    ? String.valueOf(e.getMessage())
                                    : e.getMessage() + " (" + e.getCause() + ")");
                    failed++;
                }
            }
        }

        /** This class's own, and the thread's, if it sees the same interface. */
        private static List<ClassLoader> loaders() {
            ClassLoader own = KernelProviders.class.getClassLoader();
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            if (context == null || context.equals(own)) {
                return List.of(own);
            }
            try {
                Class<?> seen = Class.forName(KernelProvider.class.getName(), false, context);
                return seen.equals(KernelProvider.class) ? List.of(own, context) : List.of(own);
            } catch (ClassNotFoundException e) {
                return List.of(own);
            }
        }

        KernelProvider named(String name) {
            List<KernelProvider> named =
                    providers.stream().filter(p -> p.name().equals(name)).toList();
            if (named.size() > 1) {
                throw new IllegalArgumentException("more than one kernel provider is called \"" + name + "\": "
                        + named.stream().map(p -> p.getClass().getName()).collect(Collectors.joining(", ")));
            }
            if (named.isEmpty()) {
                throw new IllegalArgumentException("there is no kernel provider \"" + name + "\"; there are "
                        + providers.stream().map(KernelProvider::name).collect(Collectors.joining(", "))
                        + (failures.isEmpty() ? "" : "; registered, but not loaded: " + String.join("; ", failures)));
            }
            return named.getFirst();
        }
    }

    /**
     * The provider of a name, or the best that can run. A default that has to fall back says so once, with the flag
     * that mends it; so are registered ones that can't be loaded.
     *
     * @param name its name, or null
     * @return the provider
     * @throws IllegalArgumentException if the one asked for doesn't exist, isn't the only one of that name, or can't run here
     */
    public static KernelProvider choose(@Nullable String name) {
        Found found = Found.search();
        if (name != null) {
            KernelProvider named = found.named(name);
            named.unavailable().ifPresent(why -> {
                throw new IllegalArgumentException("kernel provider " + name + " can't run here: " + why);
            });
            return named;
        }
        if (!found.failures().isEmpty()) {
            warn(WARNED_OF_FAILURES, "registered, but not loaded: " + String.join("; ", found.failures()));
        }
        for (KernelProvider provider : found.providers()) {
            var why = provider.unavailable();
            if (why.isEmpty()) {
                return provider;
            }
            warn(WARNED_OF_FALLING_BACK, "kernel provider " + provider.name() + " is off: " + why.get());
        }
        throw new IllegalStateException("no kernel provider can run here");
    }

    private static void warn(AtomicBoolean warned, String text) {
        if (!warned.getAndSet(true)) {
            System.getLogger(KernelProviders.class.getName()).log(System.Logger.Level.WARNING, text);
        }
    }
}
