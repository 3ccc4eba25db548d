package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.KernelProviders;

/** Computes stored cases with our kernels and says how far they are from the stored losses and gradients. */
public final class Verification {
    private final VerifyOptions options;
    private final Consumer<String> out;

    private Verification(VerifyOptions options, Consumer<String> out) {
        this.options = options;
        this.out = out;
    }

    /**
     * Verifies, and prints a table as it goes.
     *
     * @param options what and how
     * @param out takes the lines
     * @return whether every case is within the tolerances with every provider
     * @throws BadCaseException if a case can't be read
     * @throws IllegalArgumentException if the provider doesn't exist or can't run here
     */
    public static boolean run(VerifyOptions options, Consumer<String> out) {
        return new Verification(options, out).run();
    }

    private boolean run() {
        List<String> providers = providers();
        VectorFolders folders = VectorFolders.find(options.vectors());
        folders.skipped().forEach(out);
        int width = Math.max(
                4,
                folders.cases().stream()
                        .mapToInt(folder -> VectorFolders.name(folder).length())
                        .max()
                        .orElse(0));
        String heading = "%-" + width + "s %4s %6s %5s %6s %6s  %-10s %11s %15s  %s";
        String row = "%-" + width + "s %4d %6d %5d %6d %6d  %-10s %11s %15s  %s";
        out.accept(heading.formatted(
                "case", "B", "T", "U", "V", "blank", "provider", "loss error", "gradient error", "result"));
        int failed = 0;
        for (Path folder : folders.cases()) {
            try (Arena arena = Arena.ofShared()) {
                VectorCase vectors = VectorCase.read(folder, arena);
                for (String provider : providers) {
                    CaseResult result = CaseCheck.run(vectors, provider);
                    boolean ok = result.within(options);
                    failed += ok ? 0 : 1;
                    out.accept(row.formatted(
                            vectors.name(),
                            vectors.batch(),
                            vectors.frames(),
                            vectors.labels(),
                            vectors.vocabulary(),
                            vectors.blank(),
                            provider,
                            error(result.lossError()),
                            error(result.gradientError()),
                            verdict(result, ok)));
                }
            }
        }
        int checks = folders.cases().size() * providers.size();
        out.accept("%d cases, %s: %s (loss: relative %s, gradient: absolute %s)"
                .formatted(
                        folders.cases().size(),
                        String.join(", ", providers),
                        failed == 0 ? "all within the tolerance" : failed + " of " + checks + " FAIL",
                        options.lossTolerance(),
                        options.gradientTolerance()));
        return failed == 0;
    }

    /** The one asked for, or all that can run, simplest first; those that can't are named with the reason. */
    private List<String> providers() {
        if (options.provider() != null) {
            return List.of(KernelProviders.choose(options.provider()).name());
        }
        List<String> usable = new ArrayList<>();
        for (KernelProvider provider : KernelProviders.all().reversed()) {
            provider.unavailable()
                    .ifPresentOrElse(
                            why -> out.accept("provider " + provider.name() + " is off: " + why),
                            () -> usable.add(provider.name()));
        }
        return usable;
    }

    private static String verdict(CaseResult result, boolean ok) {
        if (ok) {
            return "ok";
        }
        return result.paddingError() == 0 ? "FAIL" : "FAIL (padding " + error(result.paddingError()) + ", must be 0)";
    }

    private static String error(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
