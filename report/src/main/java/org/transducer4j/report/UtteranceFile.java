package org.transducer4j.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.feature.Features;
import tools.jackson.databind.JsonNode;

/**
 * What a model makes of an utterance, as the recogniser writes it to a file (docs/report.md).
 *
 * @param id the utterance's name
 * @param text what is said
 * @param recognised what the model recognises
 * @param audio the sound file
 * @param offset where the utterance begins there, in seconds
 * @param duration its length in seconds
 * @param frameSeconds length of a frame of the lattice
 * @param topology where the lattice's edges lead
 * @param labels how each of the U labels is written
 * @param words of the labels
 * @param path the most probable path
 * @param posteriors of the lattice of T frames and U labels
 * @param features as the model reads them
 */
record UtteranceFile(
        String id,
        String text,
        String recognised,
        Path audio,
        double offset,
        double duration,
        double frameSeconds,
        Topology topology,
        List<String> labels,
        List<Word> words,
        BestPath path,
        Posteriors posteriors,
        Features features) {
    static final String FORMAT = "transducer4j utterance 1";

    /**
     * A word and its labels.
     *
     * @param text how it is written
     * @param from the first of its labels
     * @param to the last, plus 1
     */
    record Word(String text, int from, int to) {}

    /** Reads the file; says what in it is missing or doesn't fit. */
    static UtteranceFile read(Path file) {
        JsonNode root = Records.read(file);
        String format = root.path("format").asString("");
        if (!format.equals(FORMAT)) {
            throw new BadInputException(
                    file + ": isn't an utterance: want format \"" + FORMAT + "\", got \"" + format + "\"");
        }
        try {
            return read(root);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(file + ": " + e.getMessage(), e);
        }
    }

    private static UtteranceFile read(JsonNode root) {
        List<String> labels = new ArrayList<>();
        root.path("labels").forEach(label -> labels.add(label.asString("")));
        List<Word> words = new ArrayList<>();
        for (JsonNode word : root.path("words")) {
            words.add(word(word, labels.size()));
        }
        Band band = Band.of(labels.size(), numbers(root, "lattice", "begin"), numbers(root, "lattice", "end"));
        int nodes = Math.toIntExact(band.nodes());
        int[] frames = numbers(root, "path", "frames");
        if (frames.length != labels.size()) {
            throw new IllegalArgumentException(
                    "has " + labels.size() + " labels, but its path has frames for " + frames.length);
        }
        for (int t : frames) {
            if (t < 0 || t >= band.frames()) {
                throw new IllegalArgumentException(
                        "its path is at frame " + t + ", the lattice has " + band.frames() + " frames");
            }
        }
        int rows = (int) number(root.path("features"), "frames");
        int bins = (int) number(root.path("features"), "bins");
        return new UtteranceFile(
                text(root, "id"),
                text(root, "text"),
                text(root, "recognised"),
                Path.of(text(root.path("sound"), "path")),
                number(root.path("sound"), "offset"),
                number(root.path("sound"), "duration"),
                number(root, "frame_seconds"),
                topology(text(root, "topology")),
                labels,
                words,
                new BestPath(frames, number(root.path("path"), "log_probability")),
                new Posteriors(
                        band,
                        floats(root, "lattice", "blank_posteriors", nodes),
                        floats(root, "lattice", "label_posteriors", nodes)),
                new Features(rows, bins, floats(root, "features", "values", Math.multiplyExact(rows, bins))));
    }

    private static Topology topology(String name) {
        for (Topology topology : Topology.values()) {
            if (name.equals(topology.name().toLowerCase(Locale.ROOT))) {
                return topology;
            }
        }
        throw new IllegalArgumentException("has a topology \"" + name + "\", which there isn't");
    }

    private static Word word(JsonNode node, int labels) {
        int from = node.path("from").asInt(-1);
        int to = node.path("to").asInt(-1);
        if (from < 0 || from >= to || to > labels) {
            throw new IllegalArgumentException(
                    "word \"%s\" has labels [%d, %d) of %d".formatted(text(node, "text"), from, to, labels));
        }
        return new Word(text(node, "text"), from, to);
    }

    private static String text(JsonNode node, String name) {
        JsonNode found = node.path(name);
        if (!found.isString()) {
            throw new IllegalArgumentException("has no \"" + name + "\"");
        }
        return found.asString();
    }

    private static double number(JsonNode node, String name) {
        JsonNode found = node.path(name);
        if (!found.isNumber()) {
            throw new IllegalArgumentException("has no number \"" + name + "\"");
        }
        return found.asDouble();
    }

    private static int[] numbers(JsonNode root, String part, String name) {
        JsonNode found = root.path(part).path(name);
        if (!found.isArray()) {
            throw new IllegalArgumentException("has no list \"" + part + "." + name + "\"");
        }
        int[] numbers = new int[found.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = found.get(i).asInt(-1);
        }
        return numbers;
    }

    private static float[] floats(JsonNode root, String part, String name, int count) {
        byte[] bytes = Base64.getDecoder().decode(text(root.path(part), name));
        if (bytes.length != (long) count * Float.BYTES) {
            throw new IllegalArgumentException("\"%s.%s\" must have %d values of 4 bytes, it has %d bytes"
                    .formatted(part, name, count, bytes.length));
        }
        float[] values = new float[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    /** Reads the sound, at the file's own rate, channels averaged. */
    Audio read() {
        return AudioFiles.read(audio, offset, duration);
    }
}
