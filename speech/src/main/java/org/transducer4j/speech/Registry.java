package org.transducer4j.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The implementations of one door, found by {@link ServiceLoader} and chosen by name. To add one is to write its class and to name
 * it once: in {@code META-INF/services} on the class path, or by {@code provides} in a module-info.
 *
 * @param <T> the interface
 */
public final class Registry<T> {
    private final String noun;
    private final List<T> all;
    private final Function<T, String> name;

    private Registry(String noun, List<T> all, Function<T, String> name) {
        this.noun = noun;
        this.all = all;
        this.name = name;
    }

    /**
     * What a loader finds. The module of the caller says {@code uses}, so the caller makes the loader.
     *
     * @param noun what messages call one of them, for example "encoder"
     * @param loader finds them
     * @param name of one of them: what people write on the command line and what checkpoints hold
     * @param <T> the interface
     * @return the registry, in the order of the loader
     * @throws java.util.ServiceConfigurationError if a registered class can't be loaded
     */
    public static <T> Registry<T> of(String noun, ServiceLoader<T> loader, Function<T, String> name) {
        List<T> all = new ArrayList<>();
        loader.forEach(all::add);
        return new Registry<>(noun, List.copyOf(all), name);
    }

    /**
     * All of them.
     *
     * @return in the order of the loader
     */
    public List<T> all() {
        return all;
    }

    /**
     * The names, for help and messages.
     *
     * @return for example "lstm, conformer"
     */
    public String names() {
        return all.stream().map(name).collect(Collectors.joining(", "));
    }

    /**
     * The one of a name.
     *
     * @param wanted its name
     * @return it
     * @throws IllegalArgumentException if there is none of that name, or more than one
     */
    public T find(String wanted) {
        List<T> found =
                all.stream().filter(one -> name.apply(one).equals(wanted)).toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no " + noun + " \"" + wanted + "\"; there are: " + names());
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("more than one " + noun + " is called \"" + wanted + "\": "
                    + found.stream().map(one -> one.getClass().getName()).collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }
}
