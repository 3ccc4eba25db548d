package org.transducer4j.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentationTest {
    @Test
    void theProgramInTheDocumentationLearns(@TempDir Path folder) throws Exception {
        String text = Files.readString(Path.of("../docs/torch.md"));
        int from = text.indexOf("```java\n") + "```java\n".length();
        String program = text.substring(from, text.indexOf("```", from));
        assertTrue(
                program.lines().count() <= 48, "it is short: " + program.lines().count() + " lines");
        String printed = new ChildJvm(folder, true, "package app;\n" + program.replace("TrainTwoLayers", "Main"))
                .run("-Duser.language=en");
        double loss = Double.parseDouble(printed.replaceAll("(?s).*step 20: loss ([0-9.]+).*", "$1"));
        assertTrue(loss < 0.5, printed);
    }
}
