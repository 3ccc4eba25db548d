package org.transducer4j.asr.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.asr.fixture.ToneModel;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;

class RecognizerTest {
    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void trainOnce() throws IOException {
        model = ToneModel.train(folder, Topology.MODIFIED);
    }

    private static Path sound(int i) {
        return folder.resolve("train-" + i + ".wav");
    }

    private static <R> List<Future<R>> four(ExecutorService threads, Callable<R> work) {
        List<Future<R>> futures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            futures.add(threads.submit(work));
        }
        return futures;
    }

    @Test
    void fourThreadsHearWhatOneHears() throws Exception {
        try (Recognizer one = Recognizer.open(model);
                Recognizer shared = Recognizer.open(model);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Transcript> expected = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                expected.add(one.recognize(sound(i)));
            }
            assertTrue(expected.stream().map(Transcript::text).distinct().count() > 4, expected.toString());
            for (Future<List<Transcript>> found : four(threads, () -> {
                List<Transcript> all = new ArrayList<>();
                for (int round = 0; round < 5; round++) {
                    for (int i = 0; i < 40; i++) {
                        all.add(shared.recognize(sound(i)));
                    }
                }
                return all;
            })) {
                for (int i = 0; i < 200; i++) {
                    assertEquals(expected.get(i % 40), found.get().get(i));
                }
            }
        }
    }

    @Test
    void whatIsClosedIsRefusedAndWhatHasBegunIsFinished() throws Exception {
        for (int round = 0; round < 10; round++) {
            Recognizer shared = Recognizer.open(model);
            Transcript expected = shared.recognize(sound(0));
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<Integer>> running = four(threads, () -> {
                    for (int done = 0; ; done++) {
                        try {
                            assertEquals(expected, shared.recognize(sound(0)));
                        } catch (IllegalStateException closed) {
                            assertEquals("the recogniser is closed", closed.getMessage());
                            return done;
                        }
                    }
                });
                Thread.sleep(20 * round);
                shared.close();
                for (Future<Integer> thread : running) {
                    assertTrue(thread.get() >= 0);
                }
            }
            assertThrows(IllegalStateException.class, () -> shared.recognize(sound(0)));
            assertThrows(IllegalStateException.class, () -> shared.recognize(folder.resolve("nothing.wav")));
            assertThrows(IllegalStateException.class, () -> shared.recognize(new Audio(new float[8000], 8000)));
            assertThrows(IllegalStateException.class, () -> shared.recognize(List.of()));
            assertThrows(IllegalStateException.class, shared::begin);
            shared.close();
        }
    }

    @Test
    void itFreesTheModelThatItOpenedAndNoOther() {
        Recognizer opened = Recognizer.open(model);
        Tensor weights = opened.model().parameters().values();
        assertFalse(weights.isNull());
        opened.close();
        assertTrue(weights.isNull(), "the weights are still there");
        Checkpoint checkpoint = Checkpoint.read(model);
        TransducerModel mine = checkpoint.model();
        new Recognizer(mine, checkpoint.tokens()).close();
        assertFalse(mine.parameters().values().isNull());
    }

    @Test
    void badSoundFilesAreNamed() {
        Path shortest = folder.resolve("short.wav");
        AudioFiles.writeWav(shortest, new Audio(new float[10], 8000));
        try (Recognizer recognizer = Recognizer.open(model)) {
            String message = assertThrows(BadInputException.class, () -> recognizer.recognize(shortest))
                    .getMessage();
            assertTrue(message.startsWith(shortest + ": 0.00125 s are too short"), message);
            assertThrows(BadInputException.class, () -> recognizer.recognize(folder.resolve("nothing.wav")));
        }
    }

    @Test
    void searchMethodsAreFoundByName() {
        assertEquals("greedy", SearchMethods.find(SearchMethods.DEFAULT).name());
        String message = assertThrows(IllegalArgumentException.class, () -> SearchMethods.find("best"))
                .getMessage();
        assertTrue(message.contains("\"best\"") && message.contains("greedy"), message);
    }
}
