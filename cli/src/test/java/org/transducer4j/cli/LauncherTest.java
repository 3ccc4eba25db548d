package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell scripts of the root: their syntax, and how they look for a JDK. What they start is tested elsewhere. */
class LauncherTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    record Shell(int exitCode, String output) {}

    @BeforeEach
    void needsAShell() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh here");
    }

    Shell sh(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "/bin/sh";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA") || name.startsWith("T4J"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Shell(process.waitFor(), output);
    }

    Shell find(Map<String, String> environment) throws IOException, InterruptedException {
        String script = ". '" + ROOT.resolve("config/find-jdk.sh") + "'; echo \"$T4J_JDK $T4J_JDK_VERSION\"";
        return sh(environment, "-euc", script);
    }

    /** A folder that looks like a JDK. */
    Path jdk(String version) throws IOException {
        Path home = directory.resolve("a jdk " + version);
        Files.createDirectories(home.resolve("bin"));
        for (String tool : new String[] {"java", "javac"}) {
            Path file = Files.writeString(home.resolve("bin").resolve(tool), "#!/bin/sh\n");
            assertTrue(file.toFile().setExecutable(true));
        }
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS=\"y\"\n");
        return home;
    }

    @Test
    void scriptsParse() throws Exception {
        for (String script : new String[] {"t4j", "mvnw", ".ci/run", "config/find-jdk.sh"}) {
            assertEquals(
                    new Shell(0, ""), sh(Map.of(), "-n", ROOT.resolve(script).toString()));
        }
    }

    @Test
    void theJdkThatTheUserNamesIsTaken() throws Exception {
        Path home = jdk("25.0.9");
        assertEquals(new Shell(0, home + " 25.0.9\n"), find(Map.of("T4J_JAVA_HOME", home.toString())));
        assertEquals(new Shell(0, home + " 25.0.9\n"), find(Map.of("JAVA_HOME", home.toString())));
    }

    @Test
    void anotherVersionThatTheUserNamesIsRefused() throws Exception {
        Path home = jdk("17.0.2");
        Shell shell = find(Map.of("T4J_JAVA_HOME", home.toString()));
        assertEquals(2, shell.exitCode());
        assertEquals("t4j: T4J_JAVA_HOME is " + home + ", which is no JDK 25 (17.0.2)\n", shell.output());
    }

    @Test
    void anOlderJavaHomeIsPassedOver() throws Exception {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve(".jdks"));
        Path other = Files.move(jdk("25.0.98"), home.resolve(".jdks/temurin-25"));
        Shell shell = find(Map.of(
                "JAVA_HOME", jdk("17.0.2").toString(),
                "HOME", home.toString(),
                "PATH", "/nowhere"));
        assertEquals(new Shell(0, other + " 25.0.98\n"), shell);
    }
}
