package org.transducer4j.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/**
 * Gives standard error back. The launcher starts the JVM with descriptor 2 closed off, since the JVM prints a warning
 * about the incubating Vector API that no flag stops, and keeps the real one at the descriptor that {@code t4j.stderr}
 * names.
 */
final class StandardError {
    private StandardError() {}

    /** Puts the saved descriptor in the place of descriptor 2, for native libraries too. */
    static void restore() {
        Integer saved = Integer.getInteger("t4j.stderr");
        if (saved == null) {
            return;
        }
        try {
            if (duplicate(saved, 2) == 2) {
                return;
            }
        } catch (Throwable e) {
            // No such function in this C library, or no access to native code: Java's own stream at least.
        }
        try {
            System.setErr(new PrintStream(new FileOutputStream("/dev/fd/" + saved), true));
        } catch (IOException e) {
            System.setErr(System.out);
        }
    }

    @SuppressWarnings("restricted")
    private static int duplicate(int from, int to) throws Throwable {
        Linker linker = Linker.nativeLinker();
        var dup2 = linker.downcallHandle(
                linker.defaultLookup().find("dup2").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        return (int) dup2.invokeExact(from, to);
    }
}
