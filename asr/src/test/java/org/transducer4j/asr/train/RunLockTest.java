package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.asr.fixture.ToneCorpus;
import org.transducer4j.speech.BadInputException;

class RunLockTest {
    @TempDir
    Path folder;

    private static String refused(Path path) {
        String message = assertThrows(
                        BadInputException.class, () -> RunLock.of(path).close())
                .getMessage();
        assertTrue(message.startsWith(path + ": ") && message.lines().count() == 1, message);
        return message;
    }

    /** A process that locks a folder and waits. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (RunLock _ = RunLock.of(Path.of(args[0]))) {
                System.out.println("locked");
                Thread.sleep(60_000);
            }
        }
    }

    private Process hold(Path run) throws IOException {
        String path = System.getProperty("java.class.path")
                + Stream.of(System.getProperty("jdk.module.path"))
                        .filter(modules -> modules != null)
                        .map(modules -> ":" + modules)
                        .findFirst()
                        .orElse("")
                + ":target/test-classes:target/classes";
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        Holder.class.getName(),
                        run.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void anotherProcessIsNamedAndItsLockEndsWithKill() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Process other = hold(run);
        try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("locked", said.readLine());
            assertTrue(refused(run).contains("process " + other.pid() + " "), refused(run));
            // Whoever was refused took nothing away.
            assertTrue(refused(run).contains("process " + other.pid() + " "));
        } finally {
            other.destroyForcibly().waitFor();
        }
        RunLock.of(run).close();
    }

    @Test
    void aSecondOneInTheSameProcessIsRefusedByAnyName() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        try (RunLock _ = RunLock.of(run)) {
            String self = "this process (" + ProcessHandle.current().pid() + ")";
            assertTrue(refused(run).contains(self), refused(run));
            assertTrue(refused(run.resolve("../run")).contains(self));
            Path link = Files.createSymbolicLink(folder.resolve("link"), run);
            assertTrue(refused(link).contains(self));
            // The refusals must not have given up the lock to other processes.
            Process other = hold(run);
            try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
                assertEquals(null, said.readLine());
            } finally {
                assertTrue(other.waitFor() != 0);
            }
        }
        RunLock.of(run).close();
    }

    @Test
    void aFolderOfWhichNothingCameGoesAgain() throws IOException {
        Path run = folder.resolve("run");
        try (RunLock lock = RunLock.of(run)) {
            lock.discardFolderIfEmpty();
            assertFalse(Files.exists(run));
        }
        try (RunLock lock = RunLock.of(run)) {
            Files.writeString(run.resolve("something"), "else");
            lock.discardFolderIfEmpty();
            assertTrue(Files.exists(run.resolve("something")));
            assertTrue(Files.exists(run.resolve(RunLock.NAME)));
        }
    }

    /** Whatever the second one is told to do with the folder, the first goes on as if it hadn't been there. */
    @Test
    void aTrainingRefusesASecondOneBesideIt() throws IOException {
        Path train = ToneCorpus.write(folder, "train", 12, 1);
        TrainOptions options = TrainOptions.defaults(train, train, folder.resolve("run"));
        options = options.withSchedule(options.schedule().withMaxSteps(3)).withThreads(new ThreadOptions(1, 1, 1));
        TrainOptions first = options;
        List<String> refusals = Arrays.asList(null, null);
        Trainer.train(first, new TrainListener() {
            @Override
            public void step(StepReport step) {
                if (step.step() == 2) {
                    int i = 0;
                    for (Start start : List.of(Start.RESUME, Start.OVERWRITE)) {
                        BadInputException e = assertThrows(
                                BadInputException.class,
                                () -> Trainer.train(first.withStart(start), TrainListener.SILENT));
                        refusals.set(i++, e.getMessage());
                    }
                }
            }
        });
        String expected =
                first.out() + ": this process (" + ProcessHandle.current().pid() + ") is training there";
        for (String refusal : refusals) {
            assertTrue(refusal.startsWith(expected), refusal);
        }
        long steps = Files.readAllLines(first.out().resolve(MetricsFile.NAME)).stream()
                .filter(line -> line.contains("\"type\":\"step\""))
                .count();
        assertEquals(3, steps);
        assertEquals(
                3,
                Trainer.train(first.withStart(Start.RESUME), TrainListener.SILENT)
                        .steps());
    }
}
