package org.transducer4j.bench.head;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Measures the training head, each method in a process of its own, so that none pays for another's heap or profile. */
public final class HeadBench {
    private HeadBench() {}

    /**
     * Runs it.
     *
     * @param options what to measure
     * @param done hears of each measurement
     * @return the measurements, shape by shape and method by method
     * @throws IllegalArgumentException if a method's process fails, with what it said last
     */
    public static List<HeadMeasurement> run(HeadOptions options, Consumer<HeadMeasurement> done) {
        for (HeadShape shape : options.shapes()) {
            if (options.lengths() != null) {
                shape.read(options.lengths(), options.firstBatch(), options.lastBatch()); // complains before any work
            }
        }
        List<HeadMeasurement> all = new ArrayList<>();
        for (HeadShape shape : options.shapes()) {
            for (String method : options.methods()) {
                HeadMeasurement one = apart(options, shape, method);
                done.accept(one);
                all.add(one);
            }
        }
        return all;
    }

    private static HeadMeasurement apart(HeadOptions options, HeadShape shape, String method) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HeadWorker.class.getName()));
        command.add(HeadJson.write(options, shape, method));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String last = said.substring(said.lastIndexOf('\n') + 1);
            if (process.waitFor() != 0) {
                String reason = said.lines()
                        .filter(line -> line.startsWith("Exception in thread") || line.startsWith("Caused by"))
                        .reduce((_, later) -> later)
                        .orElse(last);
                throw new IllegalArgumentException(method + " at " + shape + " failed: " + reason);
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
