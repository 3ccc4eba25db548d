package org.transducer4j.speech.corpus;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of a manifest: a stretch of a sound file and what is said in it.
 *
 * @param id its name; unique within the manifest only if the manifest says so
 * @param audio the sound file, resolved against the manifest's folder
 * @param offset where the stretch begins, in seconds
 * @param duration its length in seconds
 * @param text the transcript, its white space as it was
 * @param speaker who speaks, where known
 * @param manifest the manifest
 * @param line the line there, from 1
 * @param json the line as it was, so that it can be written back with fields added; don't change it
 */
public record ManifestEntry(
        String id,
        Path audio,
        double offset,
        double duration,
        String text,
        @Nullable String speaker,
        Path manifest,
        int line,
        ObjectNode json) {

    /**
     * @return {@code manifest:line}, the beginning of every message about it
     */
    public String where() {
        return manifest + ":" + line;
    }

    /**
     * @return {@code id (manifest:line)}, what messages about a computation call it
     */
    public String title() {
        return id + " (" + where() + ")";
    }

    /**
     * Reads the stretch of sound.
     *
     * @return at the file's own rate, channels averaged
     * @throws BadInputException if it can't be read, naming this line and the file
     */
    public Audio read() {
        try {
            return AudioFiles.read(audio, offset, duration);
        } catch (BadInputException e) {
            throw e.from(where());
        }
    }

    /**
     * @param fields to add or replace: strings, numbers, booleans, lists and maps of them
     * @return the line's JSON with the fields; this entry's isn't touched
     */
    public ObjectNode jsonWith(Map<String, ?> fields) {
        ObjectNode copy = json.deepCopy();
        fields.forEach((key, value) -> copy.set(key, Manifest.node(value)));
        return copy;
    }

    /**
     * @param fields to add or replace: strings, numbers, booleans, lists and maps of them
     * @return the entry with these fields in its JSON
     */
    public ManifestEntry with(Map<String, ?> fields) {
        return new ManifestEntry(id, audio, offset, duration, text, speaker, manifest, line, jsonWith(fields));
    }
}
