package org.transducer4j.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run a class of this program in a process of its own. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * The same JVM, flags, modules and class path as here, with a heap of its own: the collector is the serial one, which needs no memory
     * beside the heap and takes arrays of any size.
     *
     * @param heapBytes limit of the heap
     * @param main the class
     * @param flags more flags of the JVM
     * @return the command, to which arguments may be added
     */
    public static List<String> of(long heapBytes, Class<?> main, String... flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.matches("-Xm[xsn].*|-XX:\\+Use\\w+GC|-Dt4j\\.stderr=.*|-Djdk\\.module\\.main=.*"))
                .forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx" + heapBytes));
        command.addAll(List.of(flags));
        String classPath = System.getProperty("java.class.path");
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", classPath));
        }
        // The module path is among the flags of a program that runs on it.
        command.addAll(
                main.getModule().isNamed()
                        ? List.of("-m", main.getModule().getName() + "/" + main.getName())
                        : List.of(main.getName()));
        return command;
    }
}
