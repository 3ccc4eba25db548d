package org.transducer4j.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An utterance of three words whose lattice is brightest on its path, as a recogniser would write it. */
final class MadeUpUtterance {
    static final int FRAMES = 20;
    static final List<String> WORDS = List.of("low", "mid", "high");
    private static final int[] PATH = {3, 9, 15};
    private static final int BINS = 16;

    private MadeUpUtterance() {}

    /** Sound of 0.8 s in the folder, and what would be written about it. */
    static ObjectNode of(Path folder) throws IOException {
        float[] samples = new float[6400];
        for (int n = 0; n < samples.length; n++) {
            samples[n] = (float) (0.3 * Math.sin(n * (0.1 + n * 1e-5)));
        }
        Path sound = folder.resolve("made-up.wav");
        AudioFiles.writeWav(sound, new Audio(samples, 8000));
        int positions = WORDS.size() + 1;
        float[] blanks = new float[FRAMES * positions];
        float[] labels = new float[FRAMES * positions];
        for (int t = 0; t < FRAMES; t++) {
            for (int u = 0; u < positions; u++) {
                double place = u == 0 ? 0 : PATH[u - 1];
                double next = u == WORDS.size() ? FRAMES : PATH[u];
                double away = Math.max(0, Math.max(place - t, t - next));
                blanks[t * positions + u] = (float) (0.9 * Math.exp(-away * 2));
                labels[t * positions + u] = u == WORDS.size() ? 0 : (float) (0.1 * Math.exp(-Math.abs(t - next)));
            }
        }
        float[] features = new float[4 * FRAMES * BINS];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) Math.sin(i * 0.01) * 5 - 8;
        }
        ObjectNode root = JsonMapper.shared()
                .createObjectNode()
                .put("format", "transducer4j utterance 1")
                .put("id", "valid-2")
                .put("text", "low mid high")
                .put("recognised", "low <mid> high");
        root.putObject("sound").put("path", sound.toString()).put("offset", 0.0).put("duration", 0.8);
        root.put("frame_seconds", 0.04).put("topology", "modified");
        ArrayNode pieces = root.putArray("labels");
        ArrayNode words = root.putArray("words");
        for (int w = 0; w < WORDS.size(); w++) {
            pieces.add(WORDS.get(w));
            words.addObject().put("text", WORDS.get(w)).put("from", w).put("to", w + 1);
        }
        ArrayNode frames = root.putObject("path").put("log_probability", -1.25).putArray("frames");
        for (int t : PATH) {
            frames.add(t);
        }
        ObjectNode lattice = root.putObject("lattice");
        ArrayNode begin = lattice.putArray("begin");
        ArrayNode end = lattice.putArray("end");
        for (int t = 0; t < FRAMES; t++) {
            begin.add(0);
            end.add(positions);
        }
        lattice.put("blank_posteriors", base64(blanks)).put("label_posteriors", base64(labels));
        root.putObject("features")
                .put("frames", features.length / BINS)
                .put("bins", BINS)
                .put("values", base64(features));
        return root;
    }

    static Path write(Path folder, String name, ObjectNode utterance) throws IOException {
        return Files.writeString(folder.resolve(name), JsonMapper.shared().writeValueAsString(utterance));
    }

    private static String base64(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
