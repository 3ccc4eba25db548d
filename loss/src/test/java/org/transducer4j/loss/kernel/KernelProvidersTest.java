package org.transducer4j.loss.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.LossOptions;

/** Providers of others, in a folder that only the thread's class loader sees. */
class KernelProvidersTest {
    private static final String PROVIDER = """
            package others;

            import java.util.Optional;
            import org.transducer4j.loss.kernel.*;

            public final class %s implements KernelProvider {
                public String name() { return "%s"; }
                public int preference() { return 1000; }
                public Optional<String> unavailable() { return %s; }
                public String description() { return "beads"; }
                public Kernels open(int threads) { return KernelProviders.choose("reference").open(threads); }
            }
            """;

    @TempDir
    private Path folder;

    private interface Body {
        void run() throws Exception;
    }

    private void register(String name, String source) throws Exception {
        Path file = Files.createDirectories(folder.resolve("others")).resolve(name + ".java");
        Files.writeString(file, source);
        Path ours = Path.of(KernelProviders.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(writer, writer, "-cp", ours.toString(), "-d", folder.toString(), file.toString());
        assertEquals(0, code, said.toString());
        registerOnly("others." + name);
    }

    private void registerOnly(String type) throws Exception {
        Path file =
                Files.createDirectories(folder.resolve("META-INF/services")).resolve(KernelProvider.class.getName());
        List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
        lines.add(type);
        Files.write(file, lines);
    }

    private void withThem(Body body) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            body.run();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static String refusal(String provider) {
        LossOptions options = LossOptions.defaults().withProvider(provider);
        return assertThrows(IllegalArgumentException.class, () -> TransducerLoss.open(options))
                .getMessage();
    }

    @Test
    void oneFromOutsideIsFoundByItsNameAndByItsRank() throws Exception {
        assertTrue(refusal("abacus").startsWith("there is no kernel provider \"abacus\"; there are simd, scalar, ref"));
        register("Abacus", PROVIDER.formatted("Abacus", "abacus", "Optional.empty()"));
        withThem(() -> {
            assertEquals("beads", KernelProviders.choose("abacus").description());
            assertEquals("abacus", KernelProviders.choose(null).name());
            assertTrue(refusal("gpu").contains("there are abacus, simd, scalar, reference"), refusal("gpu"));
        });
    }

    @Test
    void oneThatCannotRunHereFailsWhereItIsNamedAndIsPassedOverWhereNot() throws Exception {
        register("Abacus", PROVIDER.formatted("Abacus", "abacus", "Optional.of(\"there are no beads\")"));
        withThem(() -> {
            assertEquals("kernel provider abacus can't run here: there are no beads", refusal("abacus"));
            assertEquals("simd", KernelProviders.choose(null).name());
        });
    }

    @Test
    void oneThatCannotBeLoadedIsSaidWhereItMayBeMeant() throws Exception {
        register(
                "Broken",
                PROVIDER.formatted("Broken", "broken", "Optional.empty()")
                        .replace(
                                "public String name",
                                "public Broken() { throw new LinkageError(\"no driver\"); } public String name"));
        registerOnly("others.Missing");
        register("Abacus", PROVIDER.formatted("Abacus", "abacus", "Optional.empty()"));
        withThem(() -> {
            String message = refusal("broken");
            assertTrue(message.contains("registered, but not loaded: "), message);
            assertTrue(message.contains("others.Broken") && message.contains("others.Missing"), message);
            assertTrue(message.contains("no driver"), message);
            assertFalse(message.contains("\n"), message);
            assertEquals(2, KernelProviders.failures().size());
            assertEquals("abacus", KernelProviders.choose("abacus").name());
            assertFalse(KernelProviders.all().isEmpty());
        });
    }

    @Test
    void twoOfOneNameAreRefused() throws Exception {
        register("Abacus", PROVIDER.formatted("Abacus", "abacus", "Optional.empty()"));
        register("Second", PROVIDER.formatted("Second", "abacus", "Optional.empty()"));
        withThem(() -> {
            String message = refusal("abacus");
            assertTrue(message.contains("others.Abacus") && message.contains("others.Second"), message);
        });
    }
}
