package org.transducer4j.speech.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.JsonText;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * NeMo manifests: a JSON object a line, with {@code audio_filepath} (absolute, or relative to the manifest's folder),
 * {@code duration} and {@code text}; optionally {@code offset} (seconds), {@code speaker} and {@code id}. Other fields
 * are kept. Empty lines are skipped.
 */
public final class NemoManifest implements CorpusReader {
    private static final String AUDIO = "audio_filepath";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** For {@link java.util.ServiceLoader}. */
    public NemoManifest() {}

    @Override
    public String name() {
        return "nemo";
    }

    /** By its first line that isn't empty: an object with an {@code audio_filepath}. */
    @Override
    public boolean recognises(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return false;
        }
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String text = WhiteSpace.strip(withoutMark(line));
                if (!text.isEmpty()) {
                    return text.startsWith("{") && text.contains("\"" + AUDIO + "\"");
                }
            }
            return false;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /**
     * Reads a manifest; the sound files aren't touched.
     *
     * @param path the manifest
     * @return its utterances, in its order; never empty
     * @throws BadInputException naming the file, and the line where there is one
     */
    @Override
    public List<CorpusUtterance> read(Path path) {
        List<CorpusUtterance> utterances = new ArrayList<>();
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String text = number == 1 ? withoutMark(line) : line;
                if (!WhiteSpace.only(text)) {
                    utterances.add(utterance(path, number, text));
                }
            }
        } catch (CharacterCodingException e) {
            throw new BadInputException(path + ": isn't UTF-8 text (after line " + number + ")", e);
        } catch (IOException e) {
            throw BadInputException.unreadable(path, e);
        }
        if (utterances.isEmpty()) {
            throw new BadInputException(path + ": is empty: no utterances");
        }
        return utterances;
    }

    private static String withoutMark(String line) {
        return line.startsWith("\ufeff") ? line.substring(1) : line;
    }

    /**
     * Writes utterances of whatever corpus; paths are put so that they hold from the new manifest's folder: relative where the sound lies
     * in that folder, or in the folder that holds it, absolute elsewhere. The file appears as a whole or not at all.
     *
     * @param file the new manifest
     * @param utterances at least one
     * @throws BadInputException if it can't be written
     */
    public static void write(Path file, Collection<CorpusUtterance> utterances) {
        Path folder = parent(file);
        writeLines(
                file,
                utterances.stream().map(utterance -> line(folder, utterance)).toList());
    }

    /**
     * Writes a JSON object a line, null for numbers that aren't finite. The file appears as a whole or not at all.
     *
     * @param file the new file
     * @param lines the fields of each, in their order
     * @throws BadInputException if it can't be written
     */
    public static void writeLines(Path file, Collection<? extends Map<String, ?>> lines) {
        StringBuilder out = new StringBuilder();
        for (Map<String, ?> line : lines) {
            out.append(JsonText.line(line)).append('\n');
        }
        WholeFile.write(file, out.toString());
    }

    /** The attributes in their order, with what a line needs: in its place where there is such a field, in front where it isn't a line's. */
    private static Map<String, Object> line(Path folder, CorpusUtterance utterance) {
        Sound sound = utterance.sound();
        Map<String, Object> line = new LinkedHashMap<>();
        if (utterance.attributes().containsKey(AUDIO)) {
            line.putAll(utterance.attributes());
        }
        line.put(AUDIO, reference(folder, sound.file()));
        putNumber(line, "duration", sound.duration());
        line.put("text", utterance.text());
        if (sound.offset() != 0 || line.get("offset") != null) {
            putNumber(line, "offset", sound.offset());
        }
        String speaker = utterance.speaker();
        if (speaker != null && !speaker.equals(String.valueOf(line.get("speaker")))) {
            line.put("speaker", speaker);
        }
        utterance.attributes().forEach(line::putIfAbsent);
        Object id = line.get("id");
        if (id == null || !utterance.id().equals(String.valueOf(id))) {
            line.put("id", utterance.id()); // what is made up from the line's number must outlive it
        }
        return line;
    }

    /** A number that is there already stays as it is written. */
    private static void putNumber(Map<String, Object> line, String name, double value) {
        if (!(line.get(name) instanceof Number number) || number.doubleValue() != value) {
            line.put(name, value);
        }
    }

    private static String reference(Path folder, Path audio) {
        Path from = real(folder);
        Path to = real(audio);
        Path near = from.getParent();
        // Real paths: with links in them "a/link/../b" isn't "a/b".
        if (to.startsWith(from) || (near != null && near.getParent() != null && to.startsWith(near))) {
            return from.relativize(to).toString();
        }
        return audio.toAbsolutePath().normalize().equals(to)
                ? to.toString()
                : audio.toAbsolutePath().toString();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            Path absolute = path.toAbsolutePath();
            Path above = absolute.getParent();
            Path name = absolute.getFileName();
            return above == null || name == null ? absolute : real(above).resolve(name);
        }
    }

    private static Path parent(Path file) {
        Path above = file.toAbsolutePath().getParent();
        return above == null ? file.toAbsolutePath() : above;
    }

    private static CorpusUtterance utterance(Path file, int number, String line) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JacksonException e) {
            throw new BadInputException(
                    file + ":" + number + ": isn't valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw BadInputException.at(file, number, "want a JSON object, got " + kind(node));
        }
        String name = string(file, number, object, AUDIO, true);
        String text = string(file, number, object, "text", true);
        String speaker = string(file, number, object, "speaker", false);
        String id = string(file, number, object, "id", false);
        double duration = number(file, number, object, "duration", true);
        double offset = number(file, number, object, "offset", false);
        if (!(duration > 0) || Double.isInfinite(duration)) {
            throw BadInputException.at(file, number, "duration must be positive and finite, got " + duration);
        }
        if (!(offset >= 0) || Double.isInfinite(offset)) {
            throw BadInputException.at(file, number, "offset must be finite and not negative, got " + offset);
        }
        if (name == null || name.isEmpty() || text == null) {
            throw BadInputException.at(file, number, "\"audio_filepath\" is empty");
        }
        Path audio;
        try {
            audio = file.resolveSibling(name);
        } catch (InvalidPathException e) {
            throw new BadInputException(file + ":" + number + ": \"audio_filepath\" isn't a path: " + name, e);
        }
        if (id == null || WhiteSpace.only(id)) {
            id = stem(audio) + "-" + number;
        }
        return new CorpusUtterance(
                id, new Sound(audio, offset, duration), text, speaker, fields(object), new Origin(file, number));
    }

    private static Map<String, Object> fields(ObjectNode object) {
        return JSON.convertValue(object, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    private static String stem(Path audio) {
        String name = String.valueOf(audio.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static @Nullable String string(Path file, int line, ObjectNode object, String key, boolean needed) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            if (needed) {
                throw BadInputException.at(file, line, "has no \"" + key + "\"");
            }
            return null;
        }
        boolean loose = !needed && value.isNumber(); // numbered speakers are common
        if (!value.isString() && !loose) {
            throw BadInputException.at(file, line, "\"" + key + "\" must be a string, got " + kind(value));
        }
        return value.asString();
    }

    private static double number(Path file, int line, ObjectNode object, String key, boolean needed) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            if (needed) {
                throw BadInputException.at(file, line, "has no \"" + key + "\"");
            }
            return 0;
        }
        if (!value.isNumber()) {
            throw BadInputException.at(file, line, "\"" + key + "\" must be a number, got " + kind(value));
        }
        return value.asDouble();
    }

    private static String kind(JsonNode node) {
        String text = node.toString();
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "...";
        return node.getNodeType().name().toLowerCase(Locale.ROOT) + " " + shown;
    }
}
