package org.transducer4j.asr.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.asr.fixture.ToneModel;
import org.transducer4j.asr.search.Hypothesis;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.asr.search.Transcript;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.Resampler;

class SessionTest {
    @TempDir
    static Path folder;

    private static final Map<Topology, Path> MODELS = new EnumMap<>(Topology.class);

    @BeforeAll
    static void trainOnce() throws IOException {
        for (Topology topology : List.of(Topology.REGULAR, Topology.MODIFIED)) {
            MODELS.put(topology, ToneModel.train(folder, topology));
        }
    }

    private static StreamingRecognizer open() {
        return StreamingRecognizer.open(MODELS.get(Topology.MODIFIED));
    }

    /** Some utterances one after the other. */
    private static Audio sound(int first, int count) {
        float[] all = new float[0];
        for (int i = first; i < first + count; i++) {
            float[] next =
                    AudioFiles.read(folder.resolve("valid-" + i + ".wav")).samples();
            int at = all.length;
            all = Arrays.copyOf(all, at + next.length);
            System.arraycopy(next, 0, all, at, next.length);
        }
        return new Audio(all, 8000);
    }

    private static Session heard(StreamingRecognizer recognizer, Audio audio, int most, SplittableRandom random) {
        Session session = recognizer.begin();
        for (int begin = 0; begin < audio.samples().length; ) {
            int end = Math.min(audio.samples().length, begin + random.nextInt(most + 1));
            session.accept(Arrays.copyOfRange(audio.samples(), begin, end), audio.sampleRate());
            begin = end;
        }
        return session;
    }

    @ParameterizedTest
    @EnumSource(
            value = Topology.class,
            names = {"REGULAR", "MODIFIED"})
    void piecesGiveWhatTheWholeGives(Topology topology) {
        SplittableRandom random = new SplittableRandom(5);
        try (StreamingRecognizer recognizer = StreamingRecognizer.open(MODELS.get(topology))) {
            int tokens = 0;
            for (int i = 0; i < 12; i++) {
                Audio audio = sound(i, 1);
                Transcript whole = recognizer.recognizer().recognize(audio);
                for (int most : new int[] {3, 100, 1000, 20_000}) {
                    try (Session session = heard(recognizer, audio, most, random)) {
                        assertEquals(whole, session.finish(), "utterance " + i + " in pieces of up to " + most);
                        assertEquals(whole, session.finish());
                        assertEquals(whole, session.partial());
                    }
                }
                tokens += whole.tokens().size();
            }
            assertTrue(tokens > 12, tokens + " tokens");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 16_000, 44_100})
    void anyRateAndALongSound(int rate) {
        // Longer than what goes through the encoder at once.
        Audio audio = Resampler.resample(sound(0, 12), rate);
        try (StreamingRecognizer recognizer = open()) {
            Transcript whole = recognizer.recognizer().recognize(audio);
            assertTrue(whole.tokens().size() > 4, whole.text());
            SplittableRandom random = new SplittableRandom(rate);
            for (int most : new int[] {700, 30_000, 1_000_000}) {
                try (Session session = heard(recognizer, audio, most, random)) {
                    assertEquals(whole, session.finish(), "pieces of up to " + most);
                }
            }
        }
    }

    @Test
    void whatIsSaidShowsBeforeTheEnd() {
        try (StreamingRecognizer recognizer = open();
                Session session = recognizer.begin()) {
            Audio audio = sound(0, 6);
            assertEquals("", session.partial().text());
            List<Integer> known = new ArrayList<>();
            for (int begin = 0; begin < audio.samples().length; begin += 800) {
                session.accept(
                        Arrays.copyOfRange(audio.samples(), begin, Math.min(audio.samples().length, begin + 800)),
                        8000);
                Hypothesis now = session.hypothesis();
                known.add(now.tokens().length);
                if (now.frames().length > 0) {
                    int last = now.frames()[now.frames().length - 1];
                    assertTrue(last * 0.04 <= (begin + 800) / 8000.0, "a token that nobody has said yet");
                }
            }
            Transcript end = session.finish();
            int tokens = end.tokens().size();
            assertTrue(known.contains(0) && known.contains(tokens / 2), known.toString());
            assertTrue(known.getLast() >= tokens - 1, known + " of " + tokens);
        }
    }

    @Test
    void sessionsAtOnceDoNotHearEachOther() throws Exception {
        try (StreamingRecognizer recognizer = open();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Transcript> expected = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                expected.add(recognizer.recognizer().recognize(sound(i, 1)));
            }
            // In turns, in one thread.
            List<Session> sessions = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sessions.add(recognizer.begin());
            }
            for (int begin = 0; begin < 8000; begin += 160) {
                for (int i = 0; i < 12; i++) {
                    float[] samples = sound(i, 1).samples();
                    int from = Math.min(begin, samples.length);
                    sessions.get(i)
                            .accept(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + 160)), 8000);
                }
            }
            for (int i = 0; i < 12; i++) {
                assertEquals(expected.get(i), sessions.get(i).finish());
            }
            // At once, in four threads.
            List<Future<List<Transcript>>> futures = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                SplittableRandom random = new SplittableRandom(thread);
                futures.add(threads.submit(() -> {
                    List<Transcript> found = new ArrayList<>();
                    for (int i = 0; i < 12; i++) {
                        try (Session session = heard(recognizer, sound(i, 1), 500, random)) {
                            found.add(session.finish());
                        }
                    }
                    return found;
                }));
            }
            for (Future<List<Transcript>> future : futures) {
                assertEquals(expected, future.get());
            }
        }
    }

    @Test
    void aSessionThatHeardNothingSaysNothing() {
        try (StreamingRecognizer recognizer = open()) {
            assertEquals(new Transcript("", List.of()), recognizer.begin().finish());
            Session session = recognizer.begin();
            session.accept(new float[0], 8000);
            session.accept(new float[20], 8000); // half a shift makes a frame
            assertEquals("", session.finish().text());
            assertArrayEquals(new int[0], session.hypothesis().tokens());
        }
    }

    @Test
    void misuseIsRefused() {
        StreamingRecognizer recognizer = open();
        Session session = recognizer.begin();
        session.accept(new float[800], 8000);
        String rates = assertThrows(IllegalArgumentException.class, () -> session.accept(new float[800], 16_000))
                .getMessage();
        assertTrue(rates.contains("8000") && rates.contains("16000"), rates);
        assertThrows(IllegalArgumentException.class, () -> recognizer.begin().accept(new float[8], 0));
        session.accept(new float[800], 8000); // a refused call changes nothing
        session.finish();
        assertEquals(
                "the session is finished",
                assertThrows(IllegalStateException.class, () -> session.accept(new float[8], 8000))
                        .getMessage());
        session.close();
        session.close();
        assertEquals(
                "the session is closed",
                assertThrows(IllegalStateException.class, session::finish).getMessage());
        assertThrows(IllegalStateException.class, session::partial);
        Session orphan = recognizer.begin();
        orphan.accept(sound(0, 1).samples(), 8000);
        recognizer.close();
        assertThrows(IllegalStateException.class, recognizer::begin);
        assertThrows(IllegalStateException.class, () -> orphan.accept(new float[800], 8000));
        orphan.close();
    }

    @Test
    void memoryDoesNotGrowWithTheSound() {
        try (StreamingRecognizer recognizer = open()) {
            Session session = recognizer.begin();
            float[] samples = sound(0, 12).samples();
            session.accept(samples, 8000);
            long before = Pointer.totalCount();
            for (int i = 0; i < 50; i++) {
                session.accept(samples, 8000);
            }
            assertEquals(before, Pointer.totalCount(), 200, "native objects");
            session.close();
            assertTrue(Pointer.totalCount() < before, "what a session holds is freed with it");
        }
    }

    @Test
    void recognitionOfWholesGoesOnBesideSessions() {
        try (StreamingRecognizer streaming = open();
                Recognizer alone = Recognizer.open(MODELS.get(Topology.MODIFIED));
                Session session = streaming.begin()) {
            Audio audio = sound(3, 1);
            session.accept(Arrays.copyOf(audio.samples(), 1000), 8000);
            assertEquals(alone.recognize(audio), streaming.recognizer().recognize(audio));
            session.accept(Arrays.copyOfRange(audio.samples(), 1000, audio.samples().length), 8000);
            assertEquals(alone.recognize(audio), session.finish());
        }
    }
}
