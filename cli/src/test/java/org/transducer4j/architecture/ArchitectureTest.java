package org.transducer4j.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the modules and packages depend on each other. */
class ArchitectureTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Which module may use which, and whatever that may use. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "loss", Set.of(),
            "torch", Set.of("loss"),
            "speech", Set.of("loss"),
            "asr", Set.of("torch", "speech"),
            "report", Set.of("speech", "loss"), // it reads what asr and bench write to files
            "demo", Set.of("asr"),
            "bench", Set.of("asr"),
            "cli", Set.of("bench", "report", "demo"),
            "spark", Set.of("cli"));

    /** JMH's benchmarks: nobody depends on them, they run on the class path. Of Spark's jars some share packages. */
    private static final Set<String> UNDECLARED = Set.of("bench/kernels", "spark");

    private static House house;

    @TempDir
    Path folder;

    @BeforeAll
    static void read() throws IOException {
        // Nothing of bench/kernels is in cli, so it may not be compiled yet when this runs.
        Set<String> modules = new TreeSet<>(modules());
        modules.removeAll(Set.of("bench/kernels", "spark"));
        house = new House(ROOT, modules);
    }

    private static List<String> modules() throws IOException {
        return Pattern.compile("<module>(.*)</module>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void allIsLookedAt() throws IOException {
        Set<String> known = new TreeSet<>(ARROWS.keySet());
        known.add("bench/kernels");
        assertTrue(known.containsAll(modules()), () -> "a module that this test doesn't know");
        assertTrue(house.size() > 300, "there are classes");
    }

    @Test
    void arrowsRunDownward() {
        assertEquals(List.of(), house.upward(ARROWS));
    }

    @Test
    void noCirclesBetweenPackages() {
        assertEquals(List.of(), house.circles());
    }

    @Test
    void theLossNeedsTheJdkOnly() {
        assertEquals(
                List.of(),
                house.foreign(
                        "loss",
                        _ -> true,
                        name -> name.matches(
                                "(java|jdk\\.incubator\\.vector|org\\.transducer4j\\.loss|org\\.jspecify)(\\..*)?")));
    }

    @Test
    void kernelsKnowInputsAndLatticesOnly() {
        assertEquals(
                List.of(),
                house.foreign(
                        "loss",
                        "org.transducer4j.loss.kernel"::equals,
                        name -> name.matches(
                                "java\\..*|org\\.jspecify\\..*|org\\.transducer4j\\.loss\\.(input|lattice)")));
    }

    @Test
    void onlyTheDemoSpeaksAndOnlyItAndReportsDraw() {
        assertUsedBy("com\\.sun\\.speech(\\..*)?", "freetts", "demo");
        assertUsedBy("(java\\.awt|javax\\.(imageio|sound|swing))(\\..*)?", "java.desktop", "demo", "report");
    }

    private static void assertUsedBy(String packages, String required, String... users) {
        for (String module : house.modules()) {
            boolean allowed = List.of(users).contains(module);
            if (!allowed) {
                assertEquals(List.of(), house.foreign(module, _ -> true, name -> !name.matches(packages)));
            }
            assertEquals(allowed, house.requires(module, required), module + " requires " + required);
        }
    }

    @Test
    void doorsAreOpen() {
        Map<String, String> doors = house.doors();
        assertTrue(
                doors.keySet()
                        .containsAll(List.of(
                                "org.transducer4j.loss.kernel.KernelProvider",
                                "org.transducer4j.loss.method.BandRule",
                                "org.transducer4j.speech.audio.AudioReader",
                                "org.transducer4j.speech.corpus.CorpusReader",
                                "org.transducer4j.speech.token.TokenizerProvider",
                                "org.transducer4j.asr.criterion.Criterion",
                                "org.transducer4j.asr.encoder.EncoderConfiguration",
                                "org.transducer4j.asr.predictor.PredictorConfiguration",
                                "org.transducer4j.asr.search.SearchMethod",
                                "org.transducer4j.asr.criterion.Criterion",
                                "org.transducer4j.asr.export.Exporter")),
                doors.toString());
        assertEquals(
                List.of(),
                doors.values().stream().filter(fault -> !fault.isEmpty()).toList());
        for (String type : List.of(
                "org.transducer4j.asr.encoder.Encoder",
                "org.transducer4j.asr.predictor.Predictor",
                "org.transducer4j.speech.token.Tokenizer")) {
            assertEquals("", house.fault(type)); // what these build
        }
    }

    @Test
    void nothingInternalIsShown() {
        assertEquals(List.of(), house.leaks());
    }

    @Test
    void noPackageIsInTwoModules() throws IOException {
        assertEquals(List.of(), house.split());
        // By their sources, as they may not be compiled yet.
        Map<String, String> owners = new TreeMap<>();
        for (String module : modules()) {
            Path sources = ROOT.resolve(module).resolve("src/main/java");
            try (var files = Files.walk(sources)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java") && !f.endsWith("module-info.java"))
                        .toList()) {
                    String owner = owners.putIfAbsent(
                            sources.relativize(file.getParent()).toString(), module);
                    assertTrue(owner == null || owner.equals(module), file + " is in a package of " + owner);
                }
            }
        }
    }

    @Test
    void eachIsAModuleAndTestedAsOne() throws IOException {
        assertEquals(List.of(), house.undeclared());
        assertTrue(ArchitectureTest.class.getModule().isNamed(), "these tests run on the class path");
        for (String module : modules()) {
            if (!UNDECLARED.contains(module)) {
                assertTrue(Files.exists(ROOT.resolve(module).resolve("src/main/java/module-info.java")), module);
                String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml"));
                assertTrue(!pom.contains("useModulePath"), module + ": tests don't run as the root's pom.xml says");
            }
        }
        assertTrue(Files.readString(ROOT.resolve("pom.xml")).contains("<useModulePath>true</useModulePath>"));
    }

    /** The rest makes up houses with one fault each, to see that it is found. */
    private House madeUp(Map<String, String> sources) throws IOException {
        Path folder = Files.createTempDirectory(this.folder, "house");
        Set<String> modules = new TreeSet<>();
        for (var source : sources.entrySet()) {
            Path file = folder.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            modules.add(source.getKey().substring(0, source.getKey().indexOf('/')));
        }
        List<String> files = new ArrayList<>();
        for (String module : modules) {
            try (var all = Files.walk(folder.resolve(module))) {
                files.addAll(
                        all.map(Path::toString).filter(f -> f.endsWith(".java")).toList());
            }
        }
        if (files.stream().anyMatch(f -> f.endsWith("module-info.java"))) {
            for (String module : modules) {
                javac(
                        folder,
                        module,
                        files.stream()
                                .filter(f -> f.startsWith(folder.resolve(module) + "/"))
                                .toList());
            }
        } else {
            // All see all.
            for (String module : modules) {
                javac(folder, module, files);
                try (var classes = Files.walk(folder.resolve(module + "/target/classes"))) {
                    for (Path file : classes.filter(Files::isRegularFile).toList()) {
                        Path source = folder.resolve(module + "/src/main/java")
                                .resolve(folder.resolve(module + "/target/classes")
                                        .relativize(file)
                                        .toString()
                                        .replaceAll("(\\$.*)?\\.class$", ".java"));
                        if (!Files.exists(source)) {
                            Files.delete(file);
                        }
                    }
                }
            }
        }
        return new House(folder, modules);
    }

    private static void javac(Path folder, String module, List<String> files) {
        List<String> arguments = new ArrayList<>(
                List.of("-d", folder.resolve(module + "/target/classes").toString()));
        arguments.addAll(files);
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int code = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        assertEquals(0, code, said.toString());
    }

    private static String at(String module, String name) {
        return module + "/src/main/java/org/transducer4j/" + name + ".java";
    }

    private static void assertOne(List<String> found, String... parts) {
        assertEquals(1, found.size(), found.toString());
        for (String part : parts) {
            assertTrue(found.getFirst().contains(part), found.toString());
        }
    }

    @Test
    void aCircleOfThreeIsFound() throws IOException {
        House three = madeUp(
                Map.of(
                        at("m", "a/A"), "package org.transducer4j.a; public class A { org.transducer4j.b.B b; }",
                        at("m", "b/B"),
                                "package org.transducer4j.b; public class B { org.transducer4j.c.C[] c() { return null; } }",
                        at("m", "c/C"),
                                "package org.transducer4j.c; import org.transducer4j.a.A; public class C { Object a = new A(); }"));
        assertOne(
                three.circles(),
                "org.transducer4j.a -> org.transducer4j.b",
                "b -> org.transducer4j.c",
                "c -> org.transducer4j.a");
        assertEquals(List.of(), three.split());
    }

    @Test
    void aCircleThroughATypeThatIsNeverWrittenIsFound() throws IOException {
        assertOne(
                madeUp(
                                Map.of(
                                        at("m", "a/A"),
                                                "package org.transducer4j.a; public class A { public static org.transducer4j.b.B b() { return null; } }",
                                        at("m", "b/B"),
                                                "package org.transducer4j.b; public class B { public void x() {} }",
                                        at("m", "b/D"),
                                                "package org.transducer4j.b; public class D { java.util.function.Supplier<?> s = org.transducer4j.a.A::b; }"))
                        .circles(),
                "b.D");
    }

    @Test
    void aCircleThroughACommentIsFound() throws IOException {
        assertOne(
                madeUp(Map.of(
                                at("m", "a/A"),
                                        "package org.transducer4j.a; import org.transducer4j.b.B; /** As {@link B}. */ public class A {}",
                                at("m", "b/B"),
                                        "package org.transducer4j.b; public class B extends org.transducer4j.a.A {}"))
                        .circles(),
                "A.java names org.transducer4j.b.B");
        assertOne(
                madeUp(Map.of(
                                at("n", "a/A"),
                                        "package org.transducer4j.a; /** As {@link org.transducer4j.b}. */ public class A {}",
                                at("n", "b/B"),
                                        "package org.transducer4j.b; public class B extends org.transducer4j.a.A {}"))
                        .circles(),
                "A.java names org.transducer4j.b");
    }

    @Test
    void arrowsUpAndSplitPackagesAreFound() throws IOException {
        House house = madeUp(Map.of(
                at("low", "low/L"), "package org.transducer4j.low; public class L { org.transducer4j.high.H h; }",
                at("low", "both/One"), "package org.transducer4j.both; class One {}",
                at("high", "both/Two"), "package org.transducer4j.both; class Two {}",
                at("high", "high/H"), "package org.transducer4j.high; public class H {}"));
        assertOne(house.upward(Map.of("high", Set.of("low"))), "low uses high", "low.L names org.transducer4j.high.H");
        assertEquals(List.of(), house.upward(Map.of("low", Set.of("middle"), "middle", Set.of("high"))));
        assertOne(house.split(), "org.transducer4j.both is in high and low");
    }

    @Test
    void aForeignLibraryIsFound() throws IOException {
        House house = madeUp(
                Map.of(
                        at("m", "a/A"),
                        "package org.transducer4j.a; public class A { @Deprecated java.util.List<java.util.regex.Pattern> x; }"));
        assertOne(house.foreign("m", _ -> true, name -> name.matches("java\\.(lang|util)")), "java.util.regex.Pattern");
    }

    @Test
    void aDoorThatIsShutIsFound() throws IOException {
        Map<String, String> doors = Map.of(
                "public interface A {}", "",
                "public sealed interface A permits B {} final class B implements A {}", "is sealed",
                "public abstract class A {}", "isn't an interface");
        for (var door : doors.entrySet()) {
            String fault = madeUp(Map.of(
                            "m/src/main/java/module-info.java",
                            "module m { exports org.transducer4j.a; uses org.transducer4j.a.A; }",
                            at("m", "a/A"),
                            "package org.transducer4j.a; " + door.getKey()))
                    .doors()
                    .get("org.transducer4j.a.A");
            assertTrue(door.getValue().isEmpty() ? fault.isEmpty() : fault.endsWith(door.getValue()), door + fault);
        }
        String hidden = madeUp(Map.of(
                        "m/src/main/java/module-info.java",
                        "module m { uses org.transducer4j.a.A; }",
                        at("m", "a/A"),
                        "package org.transducer4j.a; public interface A {}"))
                .doors()
                .get("org.transducer4j.a.A");
        assertEquals("org.transducer4j.a.A isn't exported", hidden);
    }

    @Test
    void anInternalClassInAPublicSignatureIsFound() throws IOException {
        String internal = "package org.transducer4j.a.internal; public class I {}";
        String info = "module m { exports org.transducer4j.a; }";
        String shown = "package org.transducer4j.a; public class A { %s }";
        Map<String, Boolean> cases = Map.of(
                "public java.util.List<org.transducer4j.a.internal.I> x() { return null; }", true,
                "protected org.transducer4j.a.internal.I[] x;", true,
                "public static class B { public B(org.transducer4j.a.internal.I i) {} }", true,
                "private static class B { public B(org.transducer4j.a.internal.I i) {} }", false,
                "private Object x = new org.transducer4j.a.internal.I(); Object y(org.transducer4j.a.internal.I i) { return i; }",
                        false);
        for (var each : cases.entrySet()) {
            House house = madeUp(Map.of(
                    "m/src/main/java/module-info.java",
                    info,
                    at("m", "a/internal/I"),
                    internal,
                    at("m", "a/A"),
                    shown.formatted(each.getKey())));
            assertEquals(each.getValue() ? 1 : 0, house.leaks().size(), each.getKey() + house.leaks());
        }
    }
}
