package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.method.Schedule;

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
        int width = folders.cases().stream()
                .mapToInt(folder -> VectorFolders.name(folder).length())
                .max()
                .orElse(0);
        String row = "%-" + Math.max(4, width) + "s %-11s %4s %6s %5s %6s %6s  %-10s %-11s %11s %15s  %s";
        out.accept(row.formatted(
                "case",
                "part",
                "B",
                "T",
                "U",
                "V",
                "blank",
                "provider",
                "schedule",
                "loss error",
                "gradient error",
                "result"));
        List<@Nullable Schedule> schedules = new ArrayList<>(options.schedules());
        if (schedules.isEmpty()) {
            schedules.add(null);
        }
        int checks = 0;
        int failed = 0;
        for (Path folder : folders.cases()) {
            try (Arena arena = Arena.ofShared()) {
                StoredCase stored = StoredCase.read(folder, arena);
                StoredCase.Head head = stored.head();
                for (String provider : providers) {
                    for (Schedule schedule : schedules) {
                        List<CaseResult> results = stored.check(provider, schedule, options.occupancyFloor());
                        if (results.isEmpty()) {
                            out.accept(
                                    head.name() + ": skipped, it is too large for schedules without a joint network");
                        }
                        for (CaseResult result : results) {
                            checks++;
                            failed += result.within(options) ? 0 : 1;
                            out.accept(row.formatted(
                                    head.name(),
                                    result.part(),
                                    head.batch(),
                                    head.frames(),
                                    head.labels(),
                                    head.vocabulary(),
                                    head.blank(),
                                    provider,
                                    schedule == null ? "" : schedule.word(),
                                    CaseResult.error(result.lossError()),
                                    CaseResult.error(result.gradientError()),
                                    result.verdict(options)));
                        }
                    }
                }
            }
        }
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
}
