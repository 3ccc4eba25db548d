package org.transducer4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How programs of others load libtorch: whatever class they begin with, on the class path and as modules, and where it can't be. */
class NativesTest {
    /** A main with the statements, and what asks the native runtimes for their threads. */
    private static final String PROGRAM = """
            package app;

            import java.lang.foreign.*;
            import org.transducer4j.loss.input.*;
            import org.transducer4j.torch.*;
            import org.transducer4j.torch.layer.*;
            import org.transducer4j.torch.loss.*;

            public class Main {
                static int ask(String function) throws Throwable {
                    // libtorch's own library: the functions are those that it calls.
                    MemorySegment address = SymbolLookup.libraryLookup("libtorch_cpu.so", Arena.global()).find(function).get();
                    return (int) Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeExact();
                }

                public static void main(String[] arguments) throws Throwable {
                    %s;
                    System.out.println(ask("openblas_get_num_threads") + " of OpenBLAS, " + ask("omp_get_max_threads") + " of OpenMP");
                }
            }
            """;

    private static final String FAILURES = """
            package app;

            import org.transducer4j.torch.*;

            public class Main {
                public static void main(String[] arguments) {
                    String[] messages = new String[2];
                    try { new ParameterSet(1); } catch (LibtorchException e) { messages[0] = e.getMessage(); }
                    try { Torch.threads(); } catch (LibtorchException e) { messages[1] = e.getMessage(); }
                    System.out.println(messages[0]);
                    System.out.println(messages[0].equals(messages[1]) ? "the same" : messages[1]);
                }
            }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new ParameterSet(1).weight(\"w\", 1, 2, 3)",
                "Tensors.of(new float[2], 2)",
                "Tensors.indices(new long[2], 2)",
                "Tensors.over(Arena.global().allocate(8, 4), 2)",
                "new TransducerHead(LossOptions.defaults())",
                "new CtcHead(LossOptions.defaults())",
                "Torch.seed(1)",
            })
    @EnabledOnOs(OS.LINUX)
    void whateverClassComesFirstOpenBlasGetsOneThread(String first) throws Exception {
        assertThreads(new ChildJvm(folder, false, PROGRAM.formatted(first)).run());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tensors.toArray(org.bytedeco.pytorch.global.torch.ones(2))",
                "Tensors.matrix(\"t\", org.bytedeco.pytorch.global.torch.ones(2, 2))",
            })
    @EnabledOnOs(OS.LINUX)
    void soItDoesWhereTheProgramUsedTheBindingsBefore(String first) throws Exception {
        assertThreads(new ChildJvm(folder, false, PROGRAM.formatted(first)).run());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new ParameterSet(1).constant(\"b\", 0, 1)",
                "try (var scope = new org.bytedeco.javacpp.PointerScope()) { Tensors.of(new float[2], 2); }",
            })
    @EnabledOnOs(OS.LINUX)
    void asModulesTheNativesAreFoundWithoutAFlag(String first) throws Exception {
        assertThreads(new ChildJvm(folder, true, PROGRAM.formatted(first)).run());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void andWhereTheUserAddsTheModulesThemselves() throws Exception {
        String platform = Loader.getPlatform().replace('-', '.');
        assertThreads(new ChildJvm(folder, true, PROGRAM.formatted("Tensors.of(new float[2], 2)"))
                .run(
                        "--add-modules",
                        "org.bytedeco.javacpp." + platform + ",org.bytedeco.openblas." + platform
                                + ",org.bytedeco.pytorch." + platform));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJarThatIsMissingIsNamedEachTime(boolean module) throws Exception {
        String message =
                new ChildJvm(folder, module, FAILURES).without("openblas").run();
        assertTrue(
                message.contains("Add to the " + (module ? "module" : "class") + " path: openblas-VERSION-"
                        + Loader.getPlatform() + ".jar (Maven: group org.bytedeco, classifier " + Loader.getPlatform()
                        + ")\nthe same"),
                message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void soAreThoseOfAPlatformThatHasNone(boolean module) throws Exception {
        String message = new ChildJvm(folder, module, FAILURES).run("-Dorg.bytedeco.javacpp.platform=linux-riscv64");
        assertTrue(message.contains("pytorch-VERSION-linux-riscv64.jar"), message);
        assertTrue(message.endsWith("\nthe same"), message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCacheThatCannotBeWrittenIsNamed(boolean module) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        String message = new ChildJvm(folder, module, FAILURES)
                .run(
                        "-Dorg.bytedeco.javacpp.cachedir=" + file.resolve("x"),
                        "-Duser.home=" + file,
                        "-Djava.io.tmpdir=" + file);
        assertTrue(message.contains("-Dorg.bytedeco.javacpp.cachedir"), message);
        assertTrue(message.endsWith("\nthe same"), message);
    }

    private static void assertThreads(String printed) {
        assertEquals("1 of OpenBLAS, " + Runtime.getRuntime().availableProcessors() + " of OpenMP", printed);
    }
}
