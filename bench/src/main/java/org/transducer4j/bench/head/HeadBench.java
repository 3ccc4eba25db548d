package org.transducer4j.bench.head;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.transducer4j.bench.JavaCommand;
import tools.jackson.databind.json.JsonMapper;

/** Measures the training head, each method in a process of its own, so that none pays for another's heap or profile. */
public final class HeadBench {
    /** Nearly all of the heap is for a few large arrays that live long. */
    private static final String YOUNG = "-Xmn16m";

    private HeadBench() {}

    /**
     * Runs it.
     *
     * @param tasks what to measure
     * @param done hears of each measurement
     * @return the measurements, in the order of the tasks
     * @throws IllegalArgumentException if a method's process fails, with what it said last
     */
    public static List<HeadMeasurement> run(List<HeadTask> tasks, Consumer<HeadMeasurement> done) {
        List<HeadMeasurement> all = new ArrayList<>();
        for (HeadTask task : tasks) {
            HeadMeasurement one = measure(task);
            done.accept(one);
            all.add(one);
        }
        return all;
    }

    /**
     * Measures one method in a process of its own, with a heap that holds what the plan says.
     *
     * @param task what
     * @return the measurement
     * @throws IllegalArgumentException if the process fails, with what it said last
     */
    public static HeadMeasurement measure(HeadTask task) {
        return measureWith(YOUNG, task);
    }

    /** The same in a JVM with another flag. */
    static HeadMeasurement measureWith(String flag, HeadTask task) {
        List<String> command = JavaCommand.of(task.heapBytes(), HeadWorker.class, flag);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            Thread end = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(end);
            try (OutputStream in = process.getOutputStream()) {
                in.write(new JsonMapper().writeValueAsBytes(task));
            } catch (IOException e) {
                // It has ended already, as a JVM does that can't reserve its heap; what it said is read below.
                System.getLogger(HeadBench.class.getName()).log(System.Logger.Level.DEBUG, "task not read", e);
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String last = said.substring(said.lastIndexOf('\n') + 1);
            int exitCode = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(end);
            if (exitCode != 0) {
                String reason = said.lines()
                        .filter(line -> line.startsWith("Exception in thread") || line.startsWith("Caused by"))
                        .reduce((_, later) -> later)
                        .orElse(last.isEmpty() ? "exit code " + exitCode : last);
                throw new IllegalArgumentException(task.method() + " at " + task.shape() + " failed: " + reason);
            }
            return new JsonMapper().readValue(last, HeadMeasurement.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
