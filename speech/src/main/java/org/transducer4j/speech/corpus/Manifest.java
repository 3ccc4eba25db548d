package org.transducer4j.speech.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * NeMo manifests: a JSON object a line, with {@code audio_filepath} (absolute, or relative to the manifest's folder),
 * {@code duration} and {@code text}; optionally {@code offset} (seconds), {@code speaker} and {@code id}. Other fields
 * are kept. Empty lines are skipped.
 */
public final class Manifest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Manifest() {}

    /**
     * Reads a manifest; the sound files aren't touched.
     *
     * @param file the manifest
     * @return its entries, in its order; never empty
     * @throws BadInputException naming the file, and the line where there is one
     */
    public static List<ManifestEntry> read(Path file) {
        List<ManifestEntry> entries = new ArrayList<>();
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (number == 1 && line.startsWith("\ufeff")) {
                    line = line.substring(1);
                }
                if (!line.isBlank()) {
                    entries.add(entry(file, number, line));
                }
            }
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": isn't UTF-8 text (after line " + number + ")", e);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
        if (entries.isEmpty()) {
            throw new BadInputException(file + ": is empty: no utterances");
        }
        return entries;
    }

    /**
     * Writes entries; paths are put so that they hold from the new manifest's folder: relative where the sound lies in
     * that folder, or in the folder that holds it, absolute elsewhere. The file appears as a whole or not at all.
     *
     * @param file the new manifest
     * @param entries at least one
     * @throws BadInputException if it can't be written
     */
    public static void write(Path file, Collection<ManifestEntry> entries) {
        writeLines(file, lines(file, entries));
    }

    /**
     * Writes JSON objects a line each. The file appears as a whole or not at all.
     *
     * @param file the new file
     * @param lines what to write
     * @throws BadInputException if it can't be written
     */
    public static void writeLines(Path file, Collection<ObjectNode> lines) {
        WholeFile.write(file, text(lines));
    }

    static String text(Collection<ObjectNode> lines) {
        StringBuilder out = new StringBuilder();
        for (ObjectNode line : lines) {
            out.append(JSON.writeValueAsString(line)).append('\n');
        }
        return out.toString();
    }

    static List<ObjectNode> lines(Path file, Collection<ManifestEntry> entries) {
        Path folder = parent(file);
        List<ObjectNode> lines = new ArrayList<>();
        for (ManifestEntry entry : entries) {
            ObjectNode line = entry.json().deepCopy();
            line.put("audio_filepath", reference(folder, entry.audio()));
            if (!line.hasNonNull("id")) {
                line.put("id", entry.id()); // what is made up from the line's number must outlive it
            }
            lines.add(line);
        }
        return lines;
    }

    static JsonNode node(@Nullable Object value) {
        return JSON.valueToTree(value);
    }

    static ObjectNode newLine() {
        return JSON.createObjectNode();
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

    private static ManifestEntry entry(Path file, int number, String line) {
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
        String name = string(file, number, object, "audio_filepath", true);
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
        if (id == null || id.isBlank()) {
            id = stem(audio) + "-" + number;
        }
        return new ManifestEntry(id, audio, offset, duration, text, speaker, file, number, object);
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
