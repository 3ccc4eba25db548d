package org.transducer4j.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/library.md that uses the bridge; cli's tests run it once more, from a project outside. */
class DocumentationTest {
    @Test
    void theProgramInTheDocumentationLearns(@TempDir Path folder) throws Exception {
        String text = Files.readString(Path.of("../docs/library.md"));
        int within = text.indexOf("class TrainTwoLayers");
        int from = text.lastIndexOf("```java\n", within) + "```java\n".length();
        String program = text.substring(from, text.indexOf("```", within));
        String main = program.replace("package example;", "package app;").replace("TrainTwoLayers", "Main");
        String printed = new ChildJvm(folder, true, main).run("-Duser.language=en");
        double loss = Double.parseDouble(printed.replaceAll("(?s).*step 20: loss ([0-9.]+).*", "$1"));
        assertTrue(loss < 0.5, printed);
    }
}
