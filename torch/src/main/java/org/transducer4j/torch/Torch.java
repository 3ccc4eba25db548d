package org.transducer4j.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Loads libtorch with thread settings that work, once a process.
 *
 * <p>libtorch on the CPU brings two thread pools, OpenMP's and OpenBLAS's own. With both at the number of cores they
 * wait actively for each other's cores: one step of a small LSTM then takes 10 to 20 times as long. So
 * OpenBLAS gets one thread (libtorch and oneDNN split the work above it), and idle OpenMP threads spin shortly before they
 * sleep, which leaves the cores to the loss. Environment variables that are set already win.
 *
 * <p>Every class of this module that can be a program's first goes through {@link #load()}. A program that makes
 * tensors with the bindings' own classes before may call it at its beginning; where it doesn't, OpenBLAS still gets its one thread at the first class
 * of this module, while OpenMP's threads keep spinning as long as they like. On the module path the call must come first: the bindings alone don't find their natives there.
 */
public final class Torch {
    private static final String OPENBLAS_THREADS = "OPENBLAS_NUM_THREADS";
    private static boolean loaded;
    private static @Nullable Failure failure;

    /** Why it didn't load, once and for all. */
    private record Failure(String message, Throwable cause) {}

    private Torch() {}

    /**
     * Loads libtorch, unless it is loaded.
     *
     * @throws LibtorchException if this machine has no libtorch that loads, with the reason and what to add; every further call throws the same
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        if (failure == null) {
            try {
                loadNatives();
                loaded = true;
                return;
            } catch (LinkageError | RuntimeException e) {
                failure = new Failure(explain(e), e);
            }
        }
        // The JVM wouldn't try again: a class whose initialiser failed stays unusable.
        throw new LibtorchException(failure.message(), failure.cause());
    }

    private static void loadNatives() {
        boolean chosen = System.getenv(OPENBLAS_THREADS) != null; // before it is set here
        // The native runtimes read these when they are loaded, hence before the first class of the bindings.
        setEnvironment(OPENBLAS_THREADS, "1");
        setEnvironment("GOMP_SPINCOUNT", "10000");
        // A compiled primitive for each batch shape: 1024 of them, the default, take several hundred megabytes.
        setEnvironment("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64");
        NativeModules.load();
        torch.get_num_threads();
        if (!chosen) {
            // The program may have loaded OpenBLAS before, and the variable came too late.
            openblas_nolapack.blas_set_num_threads(1);
        }
    }

    /** The reason, and what a user can do about it. */
    private static String explain(Throwable failed) {
        StringBuilder reason = new StringBuilder();
        for (Throwable e = failed; e != null; e = e.getCause()) {
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            if (reason.indexOf(message) < 0) {
                reason.append(reason.isEmpty() ? "" : ", because ").append(message);
            }
        }
        String advice;
        try {
            advice = NativeModules.advice();
        } catch (LinkageError _) {
            advice =
                    "Are the jars of javacpp, openblas and pytorch (Maven: group org.bytedeco) on the class path or module path?";
        }
        return "libtorch doesn't load on this machine: " + reason.toString().replaceAll("\\.+$", "") + ". " + advice;
    }

    /**
     * Sets the number of threads of libtorch's operators. Results are bit-identical between runs with the same number; another number
     * may round differently.
     *
     * @param threads 1 or more
     */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("libtorch needs 1 thread or more, not " + threads);
        }
        load();
        torch.set_num_threads(threads);
    }

    /**
     * The number of threads of libtorch's operators.
     *
     * @return the number
     */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /**
     * Seeds libtorch's generator, which dropout draws from.
     *
     * @param seed any number
     */
    public static void seed(long seed) {
        load();
        torch.manual_seed(seed);
    }

    /**
     * One line on what was loaded: version, instruction set, threads.
     *
     * @return the line
     */
    public static String describe() {
        load();
        String config = torch.show_config().getString();
        return "libtorch " + find(config, "TORCH_VERSION=", ",") + ", " + find(config, "CPU capability usage: ", "\n")
                + ", " + threads() + " threads";
    }

    private static String find(String text, String before, String after) {
        int from = text.indexOf(before);
        if (from < 0) {
            return "?";
        }
        int to = text.indexOf(after, from + before.length());
        return text.substring(from + before.length(), to < 0 ? text.length() : to)
                .trim();
    }

    /** setenv(name, value, 0): the JVM's own view of the environment is a copy and stays as it is. */
    @SuppressWarnings("restricted")
    private static void setEnvironment(String name, String value) {
        Linker linker = Linker.nativeLinker();
        MemorySegment setenv = linker.defaultLookup().find("setenv").orElse(null);
        if (setenv == null) {
            return; // Windows: the defaults stay
        }
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) linker.downcallHandle(
                            setenv,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
        } catch (Throwable e) {
            throw new IllegalStateException("setenv(" + name + ") failed", e);
        }
    }
}
