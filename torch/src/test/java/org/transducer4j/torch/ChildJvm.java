package org.transducer4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.transducer4j.loss.input.LossOptions;

/** A program of somebody else, app.Main, compiled to a folder and run in a JVM of its own, on the class path or as a module. */
final class ChildJvm {
    private final Path classes;
    private final boolean module;
    private final List<String> jars = new ArrayList<>();

    /** Compiles the program. */
    ChildJvm(Path folder, boolean module, String main) throws IOException {
        this.module = module;
        classes = folder.resolve("classes");
        Path source = Files.createDirectories(folder.resolve("src/app")).resolve("Main.java");
        Files.writeString(source, main);
        List<String> arguments = new ArrayList<>(
                List.of("-Xlint:-incubating", "-d", classes.toString(), module ? "-p" : "-cp", path(ours())));
        if (module) {
            Path info = folder.resolve("src/module-info.java");
            Files.writeString(info, "module app { requires org.transducer4j.torch; }");
            arguments.add(info.toString());
        }
        arguments.add(source.toString());
        StringWriter printed = new StringWriter();
        PrintWriter writer = new PrintWriter(printed);
        int code = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        assertEquals(0, code, printed.toString());
        jars.addAll(ours());
        jars.addAll(natives());
    }

    /** Leaves a jar out. */
    ChildJvm without(String jar) {
        assertTrue(jars.removeIf(path ->
                Path.of(path).getFileName().toString().startsWith(jar + "-") && path.contains(Loader.getPlatform())));
        return this;
    }

    /** What the program prints; it must end well within a minute. */
    String run(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access="
                + (module
                        ? "org.transducer4j.torch,org.bytedeco.javacpp,org.bytedeco.openblas,org.bytedeco.pytorch,app"
                        : "ALL-UNNAMED"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(flags));
        command.addAll(List.of(module ? "-p" : "-cp", path(jars) + File.pathSeparator + classes));
        command.addAll(module ? List.of("-m", "app/app.Main") : List.of("app.Main"));
        Path out = classes.resolveSibling("out");
        Path errors = classes.resolveSibling("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeAll(List.of("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "GOMP_SPINCOUNT"));
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        String errorText = Files.readString(errors);
        assertEquals(0, process.waitFor(), () -> errorText);
        return Files.readString(out).trim();
    }

    private static List<String> ours() {
        return Stream.of(Torch.class, LossOptions.class, Loader.class, openblas_nolapack.class, torch.class)
                .map(ChildJvm::location)
                .toList();
    }

    private static List<String> natives() {
        return Stream.of(Loader.class, openblas_nolapack.class, torch.class)
                .map(type -> location(type).replaceAll("\\.jar$", "-" + Loader.getPlatform() + ".jar"))
                .toList();
    }

    private static String path(List<String> entries) {
        return entries.stream().collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
