package org.transducer4j.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.transducer4j.loss.method.MemoryBudget;

/** The machine that this process runs on. */
public final class Machine {
    private Machine() {}

    /**
     * Its memory, or what of it this process's container may use.
     *
     * @return bytes
     */
    public static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /**
     * Its processor's name, as Linux tells it.
     *
     * @return the name, or "unknown model"
     */
    public static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            Optional<String> model =
                    lines.filter(line -> line.startsWith("model name")).findFirst();
            return model.map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown model");
        } catch (IOException | RuntimeException e) {
            return "unknown model";
        }
    }

    /**
     * All of it in a line.
     *
     * @return processor, number of processors, memory and system
     */
    public static String describe() {
        return "%s, %s, %d processors, %s, %s %s"
                .formatted(
                        processor(),
                        System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors(),
                        MemoryBudget.format(memoryBytes()),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"));
    }
}
