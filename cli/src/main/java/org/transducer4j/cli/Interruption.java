package org.transducer4j.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when it is interrupted or terminated, with the exit code that shells know the signal by, and says so in a line. An
 * ordinary end would run the destructors of libtorch while its threads still compute, which crashes the JVM. Nothing is lost: files
 * are moved into place when they are whole.
 */
final class Interruption {
    /** How long a task may take to come to an end by itself. */
    private static final long PATIENCE_MILLIS = 5_000;

    private static final AtomicBoolean SAID = new AtomicBoolean();
    private static volatile boolean finished;
    private static volatile int exitCode;
    private static volatile String signal = "";
    private static volatile @Nullable Task task;

    private Interruption() {}

    /** Work that has something to say when a signal ends it. */
    interface Task {
        /**
         * A signal came.
         *
         * @return whether the task now comes to an end by itself soon, and calls {@link Interruption#end}
         */
        boolean stop();

        /** What is there of it, and how to go on. */
        String state();
    }

    /** From now on SIGINT ends the process with exit code 130, SIGTERM with 143, SIGHUP with 129. */
    static void handle() {
        MethodHandle exit;
        try {
            exit = exitFunction();
        } catch (RuntimeException | LinkageError e) {
            // No such function in this C library, or no access to native code: then the JVM ends as it does.
            return;
        }
        boolean interrupts = handle("INT", exit);
        boolean known = handle("TERM", exit) && interrupts;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!finished) {
                leave(exit, known ? ExitCode.HUNG_UP : ExitCode.INTERRUPTED);
            }
        }));
    }

    /** By reflection: javac warns of sun.misc.Signal, whatever one tells it, and there is nothing else that tells which signal it was. */
    private static boolean handle(String name, MethodHandle exit) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            MethodHandle came = MethodHandles.lookup()
                    .findStatic(
                            Interruption.class,
                            "came",
                            MethodType.methodType(void.class, String.class, MethodHandle.class));
            Object handler = MethodHandleProxies.asInterfaceInstance(
                    handlers,
                    MethodHandles.dropArguments(MethodHandles.insertArguments(came, 0, name, exit), 0, signals));
            signals.getMethod("handle", signals, handlers)
                    .invoke(null, signals.getConstructor(String.class).newInstance(name), handler);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    @SuppressWarnings("UnusedMethod") // a method handle calls it
    private static void came(String name, MethodHandle exit) {
        boolean first = exitCode == 0;
        signal = "SIG" + name;
        exitCode = name.equals("TERM") ? ExitCode.TERMINATED : ExitCode.INTERRUPTED;
        Task current = task;
        if (first && current != null && current.stop()) {
            try {
                Thread.sleep(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        leave(exit, end());
    }

    /** What the program does now; null where nobody needs to know. */
    static void during(@Nullable Task now) {
        task = now;
    }

    /** Says, once, what ended the program; returns the exit code. */
    static int end() {
        if (SAID.compareAndSet(false, true)) {
            Task current = task;
            System.out.println();
            System.out.flush();
            System.err.println("t4j: ended by " + signal + (current == null ? "" : ": " + current.state()));
        }
        return exitCode;
    }

    private static void leave(MethodHandle exit, int code) {
        System.out.flush();
        System.err.flush();
        try {
            exit.invokeExact(code);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The command is done; the process ends in the ordinary way. */
    static void finished() {
        finished = true;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle exitFunction() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("_exit").orElseThrow(), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    }
}
