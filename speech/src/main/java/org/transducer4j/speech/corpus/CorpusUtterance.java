package org.transducer4j.speech.corpus;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;

/**
 * An utterance of a corpus: a stretch of sound and what is said in it.
 *
 * @param id its name; unique within the corpus only if the corpus says so
 * @param sound where it is heard
 * @param text the transcript, its white space as it was
 * @param speaker who speaks, where known
 * @param attributes whatever the corpus says of it, by name, in its order: strings, numbers, booleans, lists and maps of them, and null
 *     where it says null; of a manifest's line all its fields, so that it can be written back. A copy is kept that nobody can change
 * @param origin where it is written down
 */
public record CorpusUtterance(
        String id, Sound sound, String text, @Nullable String speaker, Map<String, Object> attributes, Origin origin) {

    /** Copies the attributes. */
    public CorpusUtterance {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sound, "sound");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(origin, "origin");
        attributes = Attributes.copy(attributes);
    }

    /**
     * How long it is.
     *
     * @return seconds
     */
    public double duration() {
        return sound.duration();
    }

    /**
     * Where it is written down.
     *
     * @return {@code file:line}, the beginning of every message about it
     */
    public String where() {
        return origin.toString();
    }

    /**
     * What messages about a computation call it.
     *
     * @return {@code id (file:line)}
     */
    public String title() {
        return id + " (" + where() + ")";
    }

    /**
     * Reads its sound.
     *
     * @return at the file's own rate, channels averaged
     * @throws BadInputException if it can't be read, naming this line and the file
     */
    public Audio read() {
        try {
            return sound.read();
        } catch (BadInputException e) {
            throw e.from(where());
        }
    }

    /**
     * The same utterance with more said of it.
     *
     * @param more attributes to add or replace
     * @return the utterance with them
     */
    public CorpusUtterance with(Map<String, ?> more) {
        Map<String, Object> all = new LinkedHashMap<>(attributes);
        all.putAll(more);
        return new CorpusUtterance(id, sound, text, speaker, all, origin);
    }
}
