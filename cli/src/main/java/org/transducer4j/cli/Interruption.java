package org.transducer4j.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Ends the process at once when it is interrupted or terminated. An ordinary end would run the destructors of libtorch while
 * its threads still compute, which crashes the JVM. Nothing is lost: files are moved into place when they are whole.
 */
final class Interruption {
    private static volatile boolean finished;

    private Interruption() {}

    /** From now on a signal ends the process with exit code 130. */
    static void handle() {
        MethodHandle exit;
        try {
            exit = exitFunction();
        } catch (RuntimeException | LinkageError e) {
            // No such function in this C library, or no access to native code: then the JVM ends as it does.
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (finished) {
                return;
            }
            System.out.println();
            System.out.flush();
            try {
                exit.invokeExact(ExitCode.INTERRUPTED);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }));
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
