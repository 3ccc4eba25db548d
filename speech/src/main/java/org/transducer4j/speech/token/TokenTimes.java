package org.transducer4j.speech.token;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Ctm;
import org.transducer4j.speech.feature.Augment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * By when each token of an utterance has been heard.
 *
 * <p>A manifest's line has them as {@value #FIELD}: either encoder frames, as {@code t4j align} writes them, or seconds:
 *
 * <pre>
 * "alignment": {"tokens": ["one", "two"], "frames": [12, 30], "frame_seconds": 0.04}
 * "alignment": {"times": [0.52, 1.24]}
 * </pre>
 *
 * Frame k ends at (k + 1) x frame_seconds; that is its time. Where there are tokens, they must be those of the transcript. The
 * other source is a {@link Ctm} of words.
 *
 * @param seconds a time for each token, from the beginning of the utterance, not decreasing
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenTimes(double[] seconds) {
    /** The field of a manifest's line. */
    public static final String FIELD = "alignment";

    /** Times may lie so many seconds behind the sound: a last frame is filled up. */
    private static final double SLACK = 0.1;

    /** A millionth of a frame, which sums and products of decimal fractions may be off. */
    private static final double ROUNDING = 1e-6;

    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * What to add to a manifest's line.
     *
     * @param tokens as they are written
     * @param frames the encoder frame of each
     * @param frameSeconds seconds a frame
     * @return the field
     */
    public static Map<String, Object> field(List<String> tokens, int[] frames, double frameSeconds) {
        Map<String, Object> alignment = new LinkedHashMap<>();
        alignment.put("tokens", tokens);
        alignment.put("frames", Arrays.stream(frames).boxed().toList());
        alignment.put("frame_seconds", frameSeconds);
        return Map.of(FIELD, alignment);
    }

    /**
     * @param entry a line with an alignment
     * @param labels its transcript's tokens
     * @param tokens that its transcript is written in
     * @return the times
     * @throws BadInputException naming the line and what is wrong with its alignment
     */
    public static TokenTimes of(CorpusUtterance entry, int[] labels, Tokenizer tokens) {
        JsonNode alignment = JSON.valueToTree(entry.attributes().getOrDefault(FIELD, ""));
        if (!alignment.isObject()) {
            throw bad(entry, "has no \"" + FIELD + "\" {...}; t4j align writes it");
        }
        JsonNode pieces = alignment.path("tokens");
        for (int u = 0; u < Math.min(pieces.size(), labels.length); u++) {
            String expected = tokens.piece(labels[u]);
            if (!pieces.get(u).asString("").equals(expected)) {
                throw bad(
                        entry,
                        "token " + u + " of its alignment is " + pieces.get(u) + ", of its transcript \"" + expected
                                + "\"");
            }
        }
        boolean inFrames = alignment.has("frames");
        if (inFrames == alignment.has("times")) {
            throw bad(entry, "its alignment must have either \"frames\" or \"times\"");
        }
        JsonNode values = alignment.path(inFrames ? "frames" : "times");
        if (!values.isArray()
                || values.size() != labels.length
                || (pieces.isArray() && pieces.size() != values.size())) {
            throw bad(
                    entry,
                    "its transcript has " + labels.length + " tokens, its alignment "
                            + (values.isArray() ? values.size() : "no list of frames or times")
                            + (pieces.isArray() ? " for " + pieces.size() + " tokens" : ""));
        }
        double unit = inFrames ? alignment.path("frame_seconds").asDouble(0) : 1;
        if (!(unit > 0)) {
            throw bad(entry, "the frames of its alignment need \"frame_seconds\" above 0");
        }
        double[] seconds = new double[labels.length];
        for (int u = 0; u < seconds.length; u++) {
            JsonNode value = values.get(u);
            if (inFrames ? !value.isInt() : !value.isNumber()) {
                throw bad(entry, "its alignment has " + value + " as " + (inFrames ? "a frame" : "a time"));
            }
            seconds[u] = inFrames ? (value.asInt() + 1) * unit : value.asDouble();
        }
        return checked(entry, seconds);
    }

    /**
     * Splits each word evenly over its tokens; the space in front of a word belongs to it.
     *
     * @param entry a line; its id is the utterance's name in the CTM file
     * @param labels its transcript's tokens
     * @param tokens that its transcript is written in
     * @param ctm words
     * @return the times
     * @throws BadInputException naming the line, if the file's words aren't those of the transcript
     */
    public static TokenTimes of(CorpusUtterance entry, int[] labels, Tokenizer tokens, Ctm ctm) {
        List<Tokenizer.Word> said = tokens.words(labels);
        List<Ctm.Word> aligned = ctm.words(entry.id());
        String transcript = said.stream().map(Tokenizer.Word::text).collect(Collectors.joining(" "));
        String found = aligned.stream().map(Ctm.Word::text).collect(Collectors.joining(" "));
        if (!transcript.equals(found) || said.size() != aligned.size()) {
            throw bad(
                    entry,
                    "utterance " + entry.id() + " is \"" + transcript + "\", " + ctm.file()
                            + (aligned.isEmpty() ? " doesn't have it" : " has \"" + found + "\""));
        }
        double[] seconds = new double[labels.length];
        for (int w = 0; w < said.size(); w++) {
            Tokenizer.Word word = said.get(w);
            double share = aligned.get(w).duration() / (word.to() - word.from());
            for (int u = word.from(); u < word.to(); u++) {
                seconds[u] = aligned.get(w).start() + share * (u + 1 - word.from());
            }
        }
        // Words may overlap a little; tokens come one after the other.
        for (int u = 1; u < seconds.length; u++) {
            seconds[u] = Math.max(seconds[u], seconds[u - 1]);
        }
        return checked(entry, seconds);
    }

    private static TokenTimes checked(CorpusUtterance entry, double[] seconds) {
        double before = 0;
        for (int u = 0; u < seconds.length; u++) {
            if (!(seconds[u] >= before)) {
                throw bad(
                        entry,
                        "its alignment has token " + u + " at " + seconds[u] + " s, "
                                + (u == 0 ? "before the beginning" : "the one before at " + before + " s"));
            }
            before = seconds[u];
        }
        if (!(before <= entry.duration() + SLACK)) {
            throw bad(
                    entry,
                    "its alignment goes on to " + before + " s, the utterance is " + entry.duration() + " s long");
        }
        return new TokenTimes(seconds);
    }

    private static BadInputException bad(CorpusUtterance entry, String problem) {
        return new BadInputException(entry.where() + ": " + problem);
    }

    /**
     * The times when the sound is played at another speed ({@link Augment.Varied}).
     *
     * @param speed above 1 is faster
     * @return the times, divided by it
     */
    public TokenTimes atSpeed(double speed) {
        return new TokenTimes(Arrays.stream(seconds).map(s -> s / speed).toArray());
    }

    /**
     * The frame of each token: the first that has heard the sound up to the token's time.
     *
     * @param frameSeconds seconds a frame
     * @param count number of frames; a time behind the last is given the last
     * @return frames, not decreasing
     */
    public int[] frames(double frameSeconds, int count) {
        return Arrays.stream(seconds)
                .mapToInt(s -> (int) Math.clamp(Math.ceil(s / frameSeconds - ROUNDING) - 1, 0, count - 1))
                .toArray();
    }
}
