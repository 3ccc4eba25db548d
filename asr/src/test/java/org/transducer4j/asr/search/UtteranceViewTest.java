package org.transducer4j.asr.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.asr.fixture.ToneModel;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class UtteranceViewTest {
    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void trainOnce() throws IOException {
        model = ToneModel.train(folder, Topology.MODIFIED);
    }

    @Test
    void theFileHoldsWhatTheModelMakesOfIt() throws IOException {
        UtteranceView view = UtteranceView.of(model, "valid-1", null);
        try (Recognizer recognizer = Recognizer.open(model)) {
            assertEquals(recognizer.recognize(folder.resolve("valid-1.wav")).text(), view.recognised());
        }
        assertEquals(view.text(), String.join(" ", view.labels()));
        assertEquals(
                view.labels(), view.words().stream().map(word -> word.text()).toList());
        // Each frame's edges out of it sum to 1 where a label takes a frame.
        int frames = view.posteriors().band().frames();
        for (int t = 0; t < frames; t++) {
            double sum = 0;
            for (int u = 0; u <= view.labels().size(); u++) {
                sum += view.posteriors().occupancy(t, u);
            }
            assertEquals(1, sum, 1e-4);
        }
        Path file = folder.resolve("view.json");
        view.write(file);
        JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
        assertEquals("transducer4j utterance 1", json.path("format").asString());
        assertEquals("valid-1", json.path("id").asString());
        assertEquals("modified", json.path("topology").asString());
        assertEquals(
                folder.resolve("valid-1.wav").toAbsolutePath(),
                Path.of(json.path("sound").path("path").asString()));
        assertEquals(frames, json.path("lattice").path("end").size());
        assertEquals(view.labels().size(), json.path("path").path("frames").size());
        assertEquals(
                view.path().logProbability(),
                json.path("path").path("log_probability").asDouble());
        assertArrayEquals(
                view.posteriors().blanks(), floats(json.path("lattice").path("blank_posteriors")));
        assertArrayEquals(
                view.posteriors().labels(), floats(json.path("lattice").path("label_posteriors")));
        assertArrayEquals(view.features().values(), floats(json.path("features").path("values")));
    }

    private static float[] floats(JsonNode base64) {
        byte[] bytes = Base64.getDecoder().decode(base64.asString());
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    @Test
    void whatCantBeShownIsNamed() throws IOException {
        assertBad(model, "nobody", null, "valid.jsonl", "train.jsonl", "no utterance has the id nobody", "valid-0");
        assertBad(model, "valid-1", folder.resolve("train.jsonl"), "no utterance has the id valid-1", "train-0");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertBad(empty, "valid-1", null, "config.json: no such file");
        Files.writeString(empty.resolve("config.json"), "{}");
        assertBad(empty, "valid-1", null, "doesn't say which manifests", "--manifest");
        Path crowded = Files.writeString(
                folder.resolve("crowded.jsonl"),
                "{\"id\": \"crowded\", \"audio_filepath\": \"valid-1.wav\", \"duration\": 0.65, \"text\": \"%s\"}"
                        .formatted(String.join(" ", Collections.nCopies(40, "low"))));
        assertBad(model, "crowded", crowded, "crowded.jsonl:1", "40 labels don't fit");
    }

    private static void assertBad(Path training, String id, Path manifest, String... parts) {
        String message = assertThrows(BadInputException.class, () -> UtteranceView.of(training, id, manifest))
                .getMessage();
        for (String part : List.of(parts)) {
            assertTrue(message.contains(part), message);
        }
    }
}
