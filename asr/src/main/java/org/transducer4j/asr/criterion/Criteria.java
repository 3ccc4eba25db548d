package org.transducer4j.asr.criterion;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.transducer4j.loss.method.BandRule;
import org.transducer4j.loss.method.Method;
import org.transducer4j.speech.Registry;

/** The criteria that there are, and which of them a method means. */
public final class Criteria {
    private Criteria() {}

    /**
     * All that are registered.
     *
     * @return by name
     */
    public static Registry<Criterion> registry() {
        return Registry.of(
                "loss", ServiceLoader.load(Criterion.class, Criteria.class.getClassLoader()), Criterion::name);
    }

    /**
     * The names of losses, which readers of a {@link Method} want to know. Those of bands aren't among them: they are words for the
     * transducer loss over a band.
     *
     * @return in the order of their registration
     */
    public static List<String> names() {
        Set<String> bands = BandRule.all().stream().map(BandRule::name).collect(Collectors.toSet());
        return registry().all().stream()
                .map(Criterion::name)
                .filter(name -> !bands.contains(name))
                .toList();
    }

    /**
     * The criterion that the losses of a method mean.
     *
     * @param method its losses
     * @return a criterion, or the weighted sum of several
     * @throws IllegalArgumentException if one isn't registered, or doesn't take its arguments
     */
    public static Criterion of(Method method) {
        method.requireLosses(names());
        Registry<Criterion> registry = registry();
        List<WeightedSum.Part> parts = method.losses().stream()
                .map(term -> new WeightedSum.Part(of(term, registry), term.weight()))
                .toList();
        return parts.size() == 1 ? parts.getFirst().criterion() : new WeightedSum(parts);
    }

    private static Criterion of(Method.Term term, Registry<Criterion> registry) {
        Criterion criterion = registry.find(term.name());
        return term.arguments().isEmpty() ? criterion : criterion.with(term.arguments());
    }

    static Optional<Criterion> find(String name) {
        Registry<Criterion> registry = registry();
        return registry.all().stream().anyMatch(one -> one.name().equals(name))
                ? Optional.of(registry.find(name))
                : Optional.empty();
    }
}
