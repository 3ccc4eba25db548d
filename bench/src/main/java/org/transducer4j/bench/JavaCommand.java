package org.transducer4j.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run a class of this program in a process of its own. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * The same JVM, flags and class path as here, with a heap of its own: the collector is the serial one, which needs no memory
     * beside the heap and takes arrays of any size.
     *
     * @param heapBytes limit of the heap
     * @param main name of the class
     * @param flags more flags of the JVM
     * @return the command, to which arguments may be added
     */
    public static List<String> of(long heapBytes, String main, String... flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.matches("-Xm[xsn].*|-XX:\\+Use\\w+GC|-Dt4j\\.stderr=.*"))
                .forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx" + heapBytes));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }
}
