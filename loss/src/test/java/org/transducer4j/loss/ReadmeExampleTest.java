package org.transducer4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java in the README is the file ReadmeExample.java, which is compiled with these tests. */
class ReadmeExampleTest {
    @Test
    void theReadmeShowsTheCompiledSource() throws Exception {
        Path source = Path.of("src/test/java/ReadmeExample.java");
        String readme = Files.readString(Path.of("../README.md"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertTrue(block.find(), "README.md has a block of Java");
        assertEquals(Files.readString(source), block.group(1), "copy " + source + " into README.md");
    }

    @Test
    void itRunsAndPrintsTheLoss() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            Class.forName("ReadmeExample").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        Matcher loss =
                Pattern.compile("loss (\\S+), dW\\(2, 0\\) (\\S+)").matcher(bytes.toString(StandardCharsets.UTF_8));
        assertTrue(loss.find(), bytes.toString(StandardCharsets.UTF_8));
        assertEquals(expectedLoss(), Double.parseDouble(loss.group(1)), 1e-5);
    }

    /** The sum over both paths: the label at frame 0 or at frame 1. */
    private static double expectedLoss() {
        double[][] e = {{.5, -1}, {1, .2}};
        double[][] p = {{.1, .3}, {-.4, .8}};
        double[][][] q = new double[2][2][];
        for (int t = 0; t < 2; t++) {
            for (int u = 0; u < 2; u++) {
                q[t][u] = softmax(Math.tanh(e[t][0] + p[u][0]), Math.tanh(e[t][1] + p[u][1]));
            }
        }
        double early = q[0][0][2] * q[0][1][0] * q[1][1][0];
        double late = q[0][0][0] * q[1][0][2] * q[1][1][0];
        return -Math.log(early + late);
    }

    private static double[] softmax(double x, double y) {
        double[] z = {.2 * x + .7 * y, -.6 * x + y + .1, .3 * x + .9 * y - .1};
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            z[k] = Math.exp(z[k]);
            sum += z[k];
        }
        for (int k = 0; k < 3; k++) {
            z[k] /= sum;
        }
        return z;
    }
}
