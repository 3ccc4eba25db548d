package org.transducer4j.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch with thread settings that work, once a process.
 *
 * <p>libtorch on the CPU brings two thread pools, OpenMP's and OpenBLAS's own. With both at the number of cores they
 * wait actively for each other's cores: one step of a small LSTM then takes 10 to 20 times as long. So
 * OpenBLAS gets one thread (libtorch and oneDNN split the work above it), and idle OpenMP threads spin shortly before they
 * sleep, which leaves the cores to the loss. Environment variables that are set already win.
 */
public final class Torch {
    private static boolean loaded;

    private Torch() {}

    /**
     * Loads libtorch, unless it is.
     *
     * @throws IllegalStateException if this machine has no libtorch that loads, with the reason
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        // The native runtimes read these when they are loaded, hence before the first class of the bindings.
        setEnvironment("OPENBLAS_NUM_THREADS", "1");
        setEnvironment("GOMP_SPINCOUNT", "10000");
        // A compiled primitive for each batch shape: 1024 of them, the default, take several hundred megabytes.
        setEnvironment("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64");
        try {
            torch.get_num_threads();
        } catch (LinkageError e) {
            throw new IllegalStateException("libtorch doesn't load on this machine: " + e.getMessage(), e);
        }
        loaded = true;
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
