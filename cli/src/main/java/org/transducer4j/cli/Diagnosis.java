package org.transducer4j.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.transducer4j.bench.Machine;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.torch.Torch;

/** Looks at the machine for {@code t4j doctor}. Whatever is missing becomes a line, never an exception. */
final class Diagnosis {
    private static final Runtime.Version GOOD_JDK = Runtime.Version.parse("25.0.3");

    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis() {}

    static List<Finding> run() {
        Diagnosis diagnosis = new Diagnosis();
        diagnosis.jdk();
        diagnosis.flags();
        diagnosis.processor();
        diagnosis.memory();
        diagnosis.environment();
        diagnosis.providers();
        diagnosis.libtorch();
        return diagnosis.findings;
    }

    private void jdk() {
        Runtime.Version version = Runtime.version();
        String text = version + " (" + System.getProperty("java.vendor", "unknown vendor") + ") in "
                + System.getProperty("java.home");
        if (version.feature() < GOOD_JDK.feature()) {
            problem("JDK", text + ": JDK 25 is needed");
        } else if (version.compareToIgnoreOptional(GOOD_JDK) < 0) {
            note(
                    "JDK",
                    text + ": update to 25.0.3 or later; before, the G1 collector can corrupt pinned arrays"
                            + " (the launcher takes the parallel collector instead)");
        } else {
            ok("JDK", text);
        }
    }

    private void flags() {
        boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        boolean nativeAccess = Diagnosis.class.getModule().isNativeAccessEnabled();
        if (vector) {
            ok("Vector API", "on (--add-modules jdk.incubator.vector)");
        } else {
            note("Vector API", "off: start java with --add-modules jdk.incubator.vector (./t4j does)");
        }
        if (nativeAccess) {
            ok("native access", "on (--enable-native-access=ALL-UNNAMED)");
        } else {
            note("native access", "not granted: start java with --enable-native-access=ALL-UNNAMED (./t4j does)");
        }
        List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Dt4j."))
                .toList();
        ok("JVM flags", given.isEmpty() ? "none" : String.join(" ", given));
    }

    private void processor() {
        ok(
                "processor",
                Machine.processor() + ", " + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors for this JVM");
        ok("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    private void memory() {
        long heap = Runtime.getRuntime().maxMemory();
        String text = "heap limit " + gibibytes(heap);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            text = gibibytes(system.getTotalMemorySize()) + " in all, " + gibibytes(system.getFreeMemorySize())
                    + " unused, " + text;
        }
        ok("memory", text + "; tensors and the loss live outside the heap");
    }

    private static String gibibytes(long bytes) {
        return "%.1f GiB".formatted(bytes / (double) (1L << 30));
    }

    private void environment() {
        String coreType = System.getenv("OPENBLAS_CORETYPE");
        if (coreType != null) {
            note(
                    "OPENBLAS_CORETYPE",
                    "is set to " + coreType + ": libtorch's matrix products then use that processor's"
                            + " kernels, at half the speed if yours has more; unset it");
        }
        for (String name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            String value = System.getenv(name);
            if (value != null) {
                note(name, "is set to " + value + ": it limits libtorch's threads");
            }
        }
    }

    private void providers() {
        boolean any = false;
        for (String failure : KernelProviders.failures()) {
            problem("kernel providers", "one can't be loaded: " + Failure.oneLine(failure));
        }
        for (KernelProvider provider : KernelProviders.all()) {
            String subject = "provider " + provider.name();
            Optional<String> why = provider.unavailable();
            if (why.isPresent()) {
                note(subject, "off: " + why.get());
            } else {
                ok(subject, "on" + (any ? "" : ", the default") + ": " + provider.description());
                any = true;
            }
        }
        if (!any) {
            problem("kernel providers", "none can run here");
        }
    }

    private void libtorch() {
        try {
            ok("libtorch", Torch.describe());
        } catch (RuntimeException | LinkageError e) {
            problem(
                    "libtorch",
                    "doesn't load: " + Failure.oneLine(rootMessage(e))
                            + ". There are binaries for Linux on x86-64 (glibc); on others the loss works, training doesn't");
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : e.getMessage() + " (" + rootMessage(cause) + ")";
    }

    private void ok(String subject, String text) {
        findings.add(new Finding(Finding.State.OK, subject, text));
    }

    private void note(String subject, String text) {
        findings.add(new Finding(Finding.State.NOTE, subject, text));
    }

    private void problem(String subject, String text) {
        findings.add(new Finding(Finding.State.PROBLEM, subject, text));
    }
}
